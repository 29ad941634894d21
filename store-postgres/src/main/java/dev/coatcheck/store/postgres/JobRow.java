package dev.coatcheck.store.postgres;

import dev.coatcheck.job.CancelReceipt;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobTimes;
import dev.coatcheck.job.Lineage;
import dev.coatcheck.job.Occasion;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.base.FileIds;
import dev.coatcheck.store.base.Following;
import dev.coatcheck.store.base.Form;
import dev.coatcheck.store.base.JobRecord;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads whole jobs. */
final class JobRow {

  private JobRow() {}

  static @Nullable JobRecord find(Session session, Sql sql, TenantId tenant, JobId id)
      throws SQLException {
    return session.bind(sql).id(id).text(tenant.value()).first(row -> of(row, sql == Sql.JOB));
  }

  private static JobRecord of(Columns row, boolean payloads) throws SQLException {
    JobId id = row.id();
    TenantId tenant = new TenantId(row.text());
    String worker = row.text();
    int version = row.count();
    Phase phase = row.phase();
    WaitReason queuedFor = row.waitReason();
    WaitReason waitReason = phase == Phase.SUSPENDED ? WaitReason.CALLBACK : queuedFor;
    long fence = row.number();
    int attempt = row.count();
    int maxAttempts = row.count();
    int priority = row.count();
    String lane = row.text();
    boolean scheduled = row.flag();
    JobTimes clocks = times(row);
    Instant attemptStartedAt = clocks.attemptStartedAt();
    JobTimes times = told(clocks, phase);
    RunnerId runner = row.runner();
    JobError error = row.error();
    Progress progress = progress(row);
    Usage last = row.usage();
    Usage usage = row.usage().plus(last);
    String metadata = row.text();
    JobId retryOf = row.optionalId();
    JobId retriedBy = row.optionalId();
    CancelReceipt cancel = cancel(row, times.finishedAt());
    Lineage lineage = lineage(row);
    Occasion occasion = occasion(row);
    List<FileId> files = FileIds.of(row.optionalText());
    boolean cached = row.flag();
    JobId lead = row.optionalId();
    JobId run = row.optionalId();
    Payload input = row.payload();
    Payload output = row.payload();
    if (payloads && output == null && phase == Phase.SUCCEEDED) {
      output = Payload.EMPTY;
    }
    Job job =
        new Job(
            id,
            tenant,
            worker,
            version,
            phase,
            waitReason,
            fence,
            attempt,
            maxAttempts,
            priority,
            lane,
            input == null ? Payload.EMPTY : input,
            output,
            error,
            progress,
            usage,
            times,
            Form.decode(metadata),
            retryOf,
            retriedBy,
            lineage,
            occasion,
            cancel,
            files,
            cached,
            id.equals(lead) ? null : lead);
    return new JobRecord(job, scheduled, attemptStartedAt, runner, last, run);
  }

  /** The job as its owner sees it, in the phase of the run that it shares. */
  static @Nullable Job seen(Session session, Sql sql, TenantId tenant, JobId id)
      throws SQLException {
    JobRecord own = find(session, sql, tenant, id);
    if (own == null) {
      return null;
    }
    JobRecord run = run(session, own);
    return run == null ? own.job() : Following.view(own.job(), run.job());
  }

  /** The run that a job shares, or shared to its end; null for none, or if it is kept no longer. */
  static @Nullable JobRecord run(Session session, JobRecord own) throws SQLException {
    return own.flight() == null
        ? null
        : find(session, Sql.LISTED_JOB, own.job().tenant().hidden(), own.flight());
  }

  private static JobTimes times(Columns row) throws SQLException {
    Instant runAt = row.optionalTime();
    Instant nextAttemptAt = row.optionalTime();
    Instant startedAt = row.optionalTime();
    Instant attemptStartedAt = row.optionalTime();
    Instant finishedAt = row.optionalTime();
    Duration runTimeout = Duration.ofMillis(row.number());
    Instant queueTimeoutAt = row.optionalTime();
    Instant deadlineAt = row.optionalTime();
    return new JobTimes(
        runAt,
        nextAttemptAt,
        startedAt,
        attemptStartedAt,
        finishedAt,
        runTimeout,
        queueTimeoutAt,
        deadlineAt,
        row.optionalTime());
  }

  /** What a job in this phase tells of its clocks. */
  private static JobTimes told(JobTimes clocks, Phase phase) {
    return switch (phase) {
      case RUNNING -> clocks;
      case FOLLOWING -> withoutAttempt(clocks).withoutNext();
      default -> withoutAttempt(clocks);
    };
  }

  private static JobTimes withoutAttempt(JobTimes times) {
    return new JobTimes(
        times.runAt(),
        times.nextAttemptAt(),
        times.startedAt(),
        null,
        times.finishedAt(),
        times.runTimeout(),
        times.queueTimeoutAt(),
        times.deadlineAt(),
        times.expiresAt());
  }

  private static @Nullable Progress progress(Columns row) throws SQLException {
    Double fraction = row.real();
    String stage = row.optionalText();
    String message = row.optionalText();
    return fraction == null && stage == null && message == null
        ? null
        : new Progress(fraction, stage, message);
  }

  private static @Nullable CancelReceipt cancel(Columns row, @Nullable Instant finishedAt)
      throws SQLException {
    String was = row.optionalText();
    Instant stoppedAt = row.optionalTime();
    return finishedAt == null || was == null
        ? null
        : new CancelReceipt(finishedAt, Phase.valueOf(was.toUpperCase(Locale.ROOT)), stoppedAt);
  }

  private static @Nullable Occasion occasion(Columns row) throws SQLException {
    String schedule = row.optionalText();
    Instant nominalAt = row.optionalTime();
    return schedule == null ? null : new Occasion(schedule, nominalAt);
  }

  private static @Nullable Lineage lineage(Columns row) throws SQLException {
    JobId root = row.optionalId();
    JobId parent = row.optionalId();
    String step = row.optionalText();
    Long index = row.optionalNumber();
    return root == null || parent == null
        ? null
        : new Lineage(parent, root, step, index == null ? null : Math.toIntExact(index));
  }
}
