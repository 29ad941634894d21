package dev.coatcheck.store.base;

import dev.coatcheck.job.Payload;
import dev.coatcheck.worker.Execution;
import dev.coatcheck.worker.Retention;
import dev.coatcheck.worker.RetryPolicy;
import dev.coatcheck.worker.WorkerSpec;
import dev.coatcheck.worker.WorkerSpecBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A worker's contract as text: one form-encoded entry for each member that is set. */
public final class WorkerDocument {

  private WorkerDocument() {}

  public static String of(WorkerSpec spec) {
    Map<String, String> members = new TreeMap<>();
    put(members, "name", spec.name());
    put(members, "kind", spec.kind());
    put(members, "description", spec.description());
    put(members, "input_schema", text(spec.inputSchema()));
    put(members, "output_schema", text(spec.outputSchema()));
    put(members, "concurrency", spec.concurrency());
    boolean perKey = spec.concurrencyPerKey() != WorkerSpec.UNLIMITED;
    put(members, "concurrency_per_key", perKey ? spec.concurrencyPerKey() : null);
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
    put(members, "coalesces", spec.coalesces() ? true : null);
    put(members, "cache_ttl", spec.cacheTtl());
    put(members, "eta_by", spec.etaBy());
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

  /** The contract that {@link #of} wrote. */
  public static WorkerSpec parse(String name, String document) {
    Map<String, String> members = Form.decode(document);
    WorkerSpecBuilder spec = WorkerSpec.named(name).retry(retry(members));
    take(members, "kind", spec::kind);
    take(members, "description", spec::description);
    take(members, "input_schema", text -> spec.inputSchema(Payload.utf8(text)));
    take(members, "output_schema", text -> spec.outputSchema(Payload.utf8(text)));
    take(members, "concurrency", text -> spec.concurrency(Integer.parseInt(text)));
    take(members, "concurrency_per_key", text -> spec.concurrencyPerKey(Integer.parseInt(text)));
    take(members, "queue_limit", text -> spec.queueLimit(Integer.parseInt(text)));
    take(members, "execution", text -> spec.execution(Execution.valueOf(text)));
    take(members, "queue_timeout", text -> spec.queueTimeout(Duration.parse(text)));
    take(members, "run_timeout", text -> spec.runTimeout(Duration.parse(text)));
    take(members, "deadline", text -> spec.deadline(Duration.parse(text)));
    take(members, "expected_duration", text -> spec.expectedDuration(Duration.parse(text)));
    take(members, "max_attempts", text -> spec.maxAttempts(Integer.parseInt(text)));
    take(members, "max_lost", text -> spec.maxLost(Integer.parseInt(text)));
    take(members, "priority", text -> spec.priority(Integer.parseInt(text)));
    take(members, "coalesces", text -> spec.coalesces(Boolean.parseBoolean(text)));
    take(members, "cache_ttl", text -> spec.cacheTtl(Duration.parse(text)));
    take(members, "eta_by", spec::etaBy);
    take(members, "dead_letters", text -> spec.deadLetters(Boolean.parseBoolean(text)));
    return spec.retention(retention(members)).build();
  }

  private static RetryPolicy retry(Map<String, String> members) {
    RetryPolicy plain = RetryPolicy.DEFAULT;
    return new RetryPolicy(
        duration(members, "retry.base", plain.base()),
        Double.parseDouble(members.getOrDefault("retry.factor", Double.toString(plain.factor()))),
        duration(members, "retry.max", plain.max()),
        Boolean.parseBoolean(
            members.getOrDefault("retry.on_timeout", Boolean.toString(plain.onTimeout()))));
  }

  private static Retention retention(Map<String, String> members) {
    Retention plain = Retention.DEFAULT;
    return new Retention(
        duration(members, "retention.succeeded", plain.succeeded()),
        duration(members, "retention.failed", plain.failed()),
        duration(members, "retention.canceled", plain.canceled()));
  }

  private static Duration duration(Map<String, String> members, String name, Duration otherwise) {
    String text = members.get(name);
    return text == null ? otherwise : Duration.parse(text);
  }

  private static void take(Map<String, String> members, String name, Consumer<String> to) {
    String text = members.get(name);
    if (text != null) {
      to.accept(text);
    }
  }
}
