package dev.coatcheck.testkit;

import dev.coatcheck.callback.Notice;
import dev.coatcheck.event.Note;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.lease.Suspension.OnTimeout;
import dev.coatcheck.store.ClaimPlan.Holder;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.worker.RetryPolicy;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Random contents of commands. */
final class Chances {

  static final RunnerId SECOND = new RunnerId(8, 8);

  private final RandomGenerator random;

  Chances(RandomGenerator random) {
    this.random = random;
  }

  <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  boolean oneIn(int many) {
    return random.nextInt(many) == 0;
  }

  int upTo(int most) {
    return random.nextInt(most + 1);
  }

  /** A contract whose waits are none, since stores draw those by themselves. */
  WorkerSpec spec(String worker) {
    return WorkerSpec.named(worker)
        .maxLost(1 + random.nextInt(3))
        .deadLetters(random.nextBoolean())
        .concurrency(random.nextBoolean() ? 1 + random.nextInt(4) : WorkerSpec.UNLIMITED)
        .retry(new RetryPolicy(Duration.ZERO, 1, Duration.ZERO, random.nextBoolean()))
        .build();
  }

  Jobs job(String worker) {
    Jobs job =
        Jobs.job(worker)
            .priority(random.nextInt(3))
            .maxAttempts(1 + random.nextInt(5))
            .queueLimit(6)
            .input("x".repeat(oneIn(4) ? 2_000 : 5));
    if (oneIn(5)) {
      job.delay(Duration.ofMillis(random.nextInt(3_000)));
    }
    if (oneIn(4)) {
      job.queueTimeout(Duration.ofMillis(1 + random.nextInt(3_000)));
    }
    if (oneIn(2)) {
      job.runTimeout(Duration.ofMillis(1 + random.nextInt(2_000)));
    }
    if (oneIn(4)) {
      job.deadline(Duration.ofMillis(1 + random.nextInt(6_000)));
    }
    if (oneIn(4)) {
      job.uniqueKey("u" + random.nextInt(2));
    }
    if (oneIn(4)) {
      job.idempotency(Jobs.key("k" + random.nextInt(4), "f" + random.nextInt(2)));
    }
    if (oneIn(2)) {
      job.metadata("user", "u" + random.nextInt(2)).metadata("n", "" + random.nextInt(9));
    }
    return job;
  }

  Holder holder() {
    return switch (random.nextInt(4)) {
      case 0 -> new Holder.Node();
      case 1, 2 -> new Holder.Remote(SECOND, Duration.ofSeconds(3));
      default -> new Holder.Remote(StoreBench.REMOTE, Duration.ofMillis(500));
    };
  }

  Outcome outcome(Grant grant, List<FileId> files) {
    boolean retryable = random.nextBoolean();
    Usage usage = usage();
    return switch (random.nextInt(4)) {
      case 0 -> new Outcome.Failed(error(grant, ErrorCode.UPSTREAM_ERROR, retryable), usage);
      case 1 -> new Outcome.TimedOut(error(grant, ErrorCode.RUN_TIMEOUT, retryable), usage);
      default -> new Outcome.Succeeded(output(), usage, files(files));
    };
  }

  private Payload output() {
    return Payload.utf8("y".repeat(random.nextInt(3) * 900));
  }

  private List<FileId> files(List<FileId> from) {
    List<FileId> made = new ArrayList<>();
    for (int i = random.nextInt(4); i > 1; i--) {
      made.add(pick(from));
    }
    return List.copyOf(made);
  }

  Parking parking(Grant grant) {
    Duration delay = Duration.ofMillis(random.nextInt(3) * 700L);
    int kind = grant.attempt() < grant.maxAttempts() ? random.nextInt(4) : random.nextInt(2);
    Usage usage = usage();
    return switch (kind) {
      case 0 -> new Parking.Busy("429", delay);
      case 1 -> new Parking.Release();
      case 2 -> new Parking.Backoff(error(grant, ErrorCode.RUN_TIMEOUT, true), usage, delay);
      default -> new Parking.Backoff(error(grant, ErrorCode.WORKER_ERROR, true), usage, delay);
    };
  }

  private static JobError error(Grant grant, ErrorCode code, boolean retryable) {
    return JobError.of(code, "it broke", retryable, grant.attempt());
  }

  Suspension suspension() {
    @Nullable Payload state =
        random.nextBoolean() ? null : Payload.utf8("s".repeat(random.nextInt(3) * 900));
    OnTimeout onTimeout = random.nextBoolean() ? OnTimeout.FAIL : OnTimeout.RESUME;
    return new Suspension(Duration.ofMillis(1 + random.nextInt(5_000)), state, onTimeout, usage());
  }

  Notice notice() {
    String body = "body " + random.nextInt(2);
    return StoreBench.notice(random.nextBoolean() ? null : "id " + random.nextInt(2), body);
  }

  List<Note> notes() {
    List<Note> notes = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      notes.add(
          switch (random.nextInt(3)) {
            case 0 -> new Note.Progressed(progress());
            case 1 -> new Note.Logged("info", "line " + random.nextInt(9));
            default -> new Note.Output(random.nextInt(4), List.of("p", "q"));
          });
    }
    return List.copyOf(notes);
  }

  Progress progress() {
    return new Progress(random.nextDouble(), "s", null);
  }

  Usage usage() {
    return new Usage(
        random.nextBoolean() ? random.nextLong(100) : null,
        random.nextBoolean() ? random.nextLong(100) : null,
        random.nextBoolean() ? random.nextLong(100) : null);
  }

  /** Mostly a moment; now and then long enough for a limit that is counted in minutes or days. */
  Duration pause() {
    return switch (random.nextInt(40)) {
      case 0 -> Duration.ofDays(8);
      case 1 -> Duration.ofHours(24);
      case 2 -> Duration.ofSeconds(60);
      default -> Duration.ofMillis(random.nextInt(4) * 400L);
    };
  }
}
