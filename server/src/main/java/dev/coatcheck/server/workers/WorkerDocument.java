package dev.coatcheck.server.workers;

import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.server.body.Faults;
import dev.coatcheck.server.body.Members;
import dev.coatcheck.server.contract.SchemaDocument;
import dev.coatcheck.worker.Execution;
import dev.coatcheck.worker.Retention;
import dev.coatcheck.worker.RetryPolicy;
import dev.coatcheck.worker.WorkerSpec;
import dev.coatcheck.worker.WorkerSpecBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the definition of a worker. What it does not say has its documented default. */
final class WorkerDocument {

  private static final Set<String> MEMBERS =
      Set.of(
          "kind",
          "description",
          "input_schema",
          "output_schema",
          "concurrency",
          "concurrency_per_key",
          "queue_limit",
          "execution",
          "queue_timeout",
          "run_timeout",
          "deadline",
          "expected_duration",
          "max_attempts",
          "max_lost",
          "retry",
          "priority",
          "coalesce",
          "cache_ttl",
          "eta_by",
          "dead_letters",
          "retention",
          "price",
          "webhook");
  private static final Set<String> RETRY_MEMBERS =
      Set.of("base", "factor", "max", "jitter", "on_timeout");
  private static final Set<String> RETENTION_MEMBERS = Set.of("succeeded", "failed", "canceled");

  private static final String PULL = "pull";
  private static final int DESCRIPTION_MAX = 2_000;
  private static final int COUNT_MAX = 1_000_000_000;
  private static final int FACTOR_MAX = 1_000;
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(366);

  private final Members members;

  private WorkerDocument(Members members) {
    this.members = members;
  }

  /**
   * The worker that a document defines.
   *
   * @throws dev.coatcheck.server.http.Problem that tells everything that is wrong with it
   */
  static WorkerSpec read(String name, byte[] body) {
    Faults faults = new Faults();
    Members members = Members.of(body, MEMBERS, faults);
    WorkerSpecBuilder builder = WorkerSpec.named(name).concurrency(WorkerSpec.UNLIMITED);
    new WorkerDocument(members).into(builder, faults);
    FromFile.refuse(members, MEMBERS, faults);
    NotYet.refuse(members);
    faults.check();
    return builder.build();
  }

  private void into(WorkerSpecBuilder builder, Faults faults) {
    kind();
    builder.kind(PULL);
    builder.description(
        Objects.requireNonNullElse(members.text("description", DESCRIPTION_MAX), ""));
    builder.inputSchema(schema("input_schema", faults));
    builder.outputSchema(schema("output_schema", faults));
    limits(builder);
    clocks(builder);
    endings(builder);
  }

  private void kind() {
    String kind = members.require("kind").text("kind", DESCRIPTION_MAX);
    if (kind != null && !kind.equals(PULL)) {
      members.fault("kind", "must be pull: workers of other kinds cannot be defined yet");
    }
  }

  private @Nullable Payload schema(String name, Faults faults) {
    JsonNode document = members.get(name);
    if (document == null) {
      return null;
    }
    Payload text = members.raw(name).orElseThrow();
    faults.addAll(SchemaDocument.check(document, text, "/" + name));
    return text;
  }

  private void limits(WorkerSpecBuilder builder) {
    Integer concurrency = members.integer("concurrency", 1, COUNT_MAX);
    if (concurrency != null) {
      builder.concurrency(concurrency);
    }
    Integer perKey = members.integer("concurrency_per_key", 1, COUNT_MAX);
    if (perKey != null) {
      builder.concurrencyPerKey(perKey);
    }
    Integer queueLimit = members.integer("queue_limit", 1, COUNT_MAX);
    if (queueLimit != null) {
      builder.queueLimit(queueLimit);
    }
    String execution = members.word("execution", List.of("io", "cpu"));
    builder.execution("cpu".equals(execution) ? Execution.CPU : Execution.IO);
    int most = Submission.PRIORITY_MAX;
    builder.priority(Objects.requireNonNullElse(members.integer("priority", -most, most), 0));
  }

  private void clocks(WorkerSpecBuilder builder) {
    builder.queueTimeout(members.duration("queue_timeout", SHORTEST, LONGEST));
    Duration runTimeout = members.duration("run_timeout", SHORTEST, LONGEST);
    if (runTimeout != null) {
      builder.runTimeout(runTimeout);
    }
    Duration deadline = members.duration("deadline", SHORTEST, LONGEST);
    if (deadline != null) {
      builder.deadline(deadline);
    }
    builder.cacheTtl(members.duration("cache_ttl", SHORTEST, LONGEST));
    builder.coalesces("inflight".equals(members.word("coalesce", List.of("off", "inflight"))));
    builder.expectedDuration(members.duration("expected_duration", SHORTEST, LONGEST));
  }

  private void endings(WorkerSpecBuilder builder) {
    Integer maxAttempts = members.integer("max_attempts", 1, Submission.ATTEMPTS_MAX);
    if (maxAttempts != null) {
      builder.maxAttempts(maxAttempts);
    }
    Integer maxLost = members.integer("max_lost", 1, COUNT_MAX);
    if (maxLost != null) {
      builder.maxLost(maxLost);
    }
    Boolean deadLetters = members.flag("dead_letters");
    builder.deadLetters(deadLetters == null || deadLetters);
    builder.retry(retry());
    builder.retention(retention());
  }

  private RetryPolicy retry() {
    RetryPolicy standard = RetryPolicy.DEFAULT;
    Members retry = members.object("retry", RETRY_MEMBERS);
    Duration base = retry.duration("base", Duration.ZERO, LONGEST);
    Double factor = retry.number("factor", 1, FACTOR_MAX);
    Duration max = retry.duration("max", Duration.ZERO, LONGEST);
    retry.word("jitter", List.of("full"));
    Boolean onTimeout = retry.flag("on_timeout");
    Duration from = Objects.requireNonNullElse(base, standard.base());
    Duration to = Objects.requireNonNullElse(max, longer(from, standard.max()));
    if (to.compareTo(from) < 0) {
      retry.fault("max", "must not be shorter than base");
      return standard;
    }
    return new RetryPolicy(
        from,
        Objects.requireNonNullElse(factor, standard.factor()),
        to,
        Objects.requireNonNullElse(onTimeout, standard.onTimeout()));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private Retention retention() {
    Retention standard = Retention.DEFAULT;
    Members retention = members.object("retention", RETENTION_MEMBERS);
    return new Retention(
        kept(retention, "succeeded", standard.succeeded()),
        kept(retention, "failed", standard.failed()),
        kept(retention, "canceled", standard.canceled()));
  }

  private static Duration kept(Members retention, String name, Duration standard) {
    return Objects.requireNonNullElse(retention.duration(name, SHORTEST, LONGEST), standard);
  }
}
