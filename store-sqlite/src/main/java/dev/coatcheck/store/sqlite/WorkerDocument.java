package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.Payload;
import dev.coatcheck.worker.WorkerSpec;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A worker's contract as text: one form-encoded entry for each member that is set. */
final class WorkerDocument {

  private WorkerDocument() {}

  static String of(WorkerSpec spec) {
    Map<String, String> members = new TreeMap<>();
    put(members, "name", spec.name());
    put(members, "kind", spec.kind());
    put(members, "description", spec.description());
    put(members, "input_schema", text(spec.inputSchema()));
    put(members, "output_schema", text(spec.outputSchema()));
    put(members, "concurrency", spec.concurrency());
    put(members, "queue_limit", spec.queueLimit());
    put(members, "execution", spec.execution());
    put(members, "queue_timeout", spec.queueTimeout());
    put(members, "run_timeout", spec.runTimeout());
    put(members, "deadline", spec.deadline());
    put(members, "expected_duration", spec.expectedDuration());
    put(members, "max_attempts", spec.maxAttempts());
    put(members, "max_lost", spec.maxLost());
    put(members, "retry.base", spec.retry().base());
    put(members, "retry.factor", spec.retry().factor());
    put(members, "retry.max", spec.retry().max());
    put(members, "retry.on_timeout", spec.retry().onTimeout());
    put(members, "priority", spec.priority());
    put(members, "dead_letters", spec.deadLetters());
    put(members, "retention.succeeded", spec.retention().succeeded());
    put(members, "retention.failed", spec.retention().failed());
    put(members, "retention.canceled", spec.retention().canceled());
    return Form.encode(members);
  }

  private static void put(Map<String, String> members, String name, @Nullable Object value) {
    if (value != null) {
      members.put(name, value.toString());
    }
  }

  private static @Nullable String text(@Nullable Payload payload) {
    return payload == null ? null : payload.text();
  }
}
