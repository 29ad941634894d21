package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.CancelReceipt;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A whole row of the job table. */
record JobRow(long seq, JobRecord record) {

  static @Nullable JobRow find(Bind query, TenantId tenant, JobId id, boolean payloads)
      throws SQLException {
    try (ResultSet rows = query.id(id).text(tenant.value()).query()) {
      Columns row = new Columns(rows);
      return row.next() ? of(row, payloads) : null;
    }
  }

  private static JobRow of(Columns row, boolean payloads) throws SQLException {
    long seq = row.number();
    JobId id = row.id();
    TenantId tenant = new TenantId(row.text());
    String worker = row.text();
    int version = row.count();
    JobStatus status = row.status();
    WaitReason queuedFor = row.waitReason();
    boolean suspended = row.optionalTime() != null;
    Phase phase = Columns.phase(status, queuedFor, suspended);
    WaitReason waitReason = suspended ? WaitReason.CALLBACK : queuedFor;
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
    CancelReceipt cancel = cancel(row);
    Lineage lineage = lineage(row);
    Occasion occasion = occasion(row);
    List<FileId> files = FileIds.of(row.optionalText());
    boolean cached = row.flag();
    JobId lead = row.optionalId();
    JobId flight = row.optionalId();
    Payload input = row.payload();
    Payload output = row.payload();
    boolean none = payloads && output == null && status == JobStatus.SUCCEEDED;
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
            none ? Payload.EMPTY : output,
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
    return new JobRow(seq, new JobRecord(job, scheduled, attemptStartedAt, runner, last, flight));
  }

  /** The job as its owner sees it, in the phase of the run that it shares. */
  static @Nullable Job seen(Grants.Binder binder, Sql sql, TenantId tenant, JobId id)
      throws SQLException {
    JobRow own = find(binder.bind(sql), tenant, id, sql == Sql.JOB);
    return own == null ? null : own.seen(run(binder, own));
  }

  /** The run that a job shares, or shared to its end; null for none, or if it is kept no longer. */
  static @Nullable JobRow run(Grants.Binder binder, JobRow own) throws SQLException {
    JobId flight = own.record.flight();
    return flight == null
        ? null
        : find(binder.bind(Sql.LISTED_JOB), own.job().tenant().hidden(), flight, false);
  }

  Job seen(@Nullable JobRow run) {
    return run == null ? job() : Following.view(job(), run.job());
  }

  Job job() {
    return record.job();
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

  private static @Nullable CancelReceipt cancel(Columns row) throws SQLException {
    Instant requestedAt = row.optionalTime();
    String was = row.optionalText();
    Instant stoppedAt = row.optionalTime();
    return requestedAt == null || was == null
        ? null
        : new CancelReceipt(requestedAt, Phase.valueOf(was.toUpperCase(Locale.ROOT)), stoppedAt);
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
