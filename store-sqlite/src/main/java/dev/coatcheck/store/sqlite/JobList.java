package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobFilter;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.store.JobQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A page of a tenant's jobs. There is a statement for each set of conditions, none of which scans.
 */
final class JobList {

  private static final byte[] FIRST = new byte[16];

  /** Longer than any id, hence after all of them. */
  private static final byte[] BEYOND = beyond();

  private JobList() {}

  static List<Job> page(Session session, JobQuery query) throws SQLException {
    Sql read = query.payloads() ? Sql.JOB : Sql.LISTED_JOB;
    List<Job> jobs = new ArrayList<>();
    for (JobId id : ids(session, query)) {
      Job job = JobRow.seen(session::bind, read, query.tenant(), id);
      if (job != null) {
        jobs.add(job);
      }
    }
    return jobs;
  }

  /** The ids of open jobs, newest first, whatever status is not asked for. */
  static List<JobId> open(Session session, TenantId tenant, JobFilter filter, Slice slice)
      throws SQLException {
    List<JobId> ids = new ArrayList<>();
    for (JobStatus status : statuses(filter)) {
      ids.addAll(ids(session, query(tenant, filter, status, slice)));
    }
    ids.sort(Comparator.reverseOrder());
    return List.copyOf(ids.subList(0, Math.min(slice.limit(), ids.size())));
  }

  /** A part of a list. */
  record Slice(@Nullable JobId before, int limit) {}

  /** How many open jobs there are, counted up to a limit. */
  static long count(Session session, TenantId tenant, JobFilter filter, int limit)
      throws SQLException {
    if (filter.tag() != null) {
      return open(session, tenant, filter, new Slice(null, limit)).size();
    }
    String worker = filter.worker();
    List<String> workers = worker == null ? workers(session, tenant) : List.of(worker);
    long count = 0;
    for (JobStatus status : statuses(filter)) {
      JobQuery query = query(tenant, filter, status, new Slice(null, limit));
      for (String each : workers) {
        count += number(bind(session, Sql.COUNT_OPEN, query).text(status.wire()).text(each));
      }
    }
    return Math.min(count, limit);
  }

  private static List<JobStatus> statuses(JobFilter filter) {
    JobStatus status = filter.status();
    return status == null ? List.of(JobStatus.QUEUED, JobStatus.RUNNING) : List.of(status);
  }

  private static JobQuery query(TenantId tenant, JobFilter filter, JobStatus status, Slice slice) {
    JobFilter.Tag tag = filter.tag();
    return new JobQuery(
        tenant,
        filter.worker(),
        status,
        filter.createdAfter(),
        filter.createdBefore(),
        tag == null ? null : new JobQuery.Tag(tag.key(), tag.value()),
        slice.before(),
        slice.limit(),
        false);
  }

  private static long number(Bind query) throws SQLException {
    try (ResultSet rows = query.query()) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  private static List<JobId> ids(Session session, JobQuery query) throws SQLException {
    JobQuery.Tag tag = query.tag();
    if (tag != null) {
      return ids(
          bind(session, Sql.LIST_BY_TAG, query)
              .text(status(query))
              .text(query.worker())
              .text(tag.key())
              .text(tag.value()));
    }
    if (query.worker() != null) {
      return query.status() == null
          ? ids(bind(session, Sql.LIST_BY_WORKER, query).none().text(query.worker()))
          : ofWorker(session, query, query.worker());
    }
    return query.status() == null
        ? ids(bind(session, Sql.LIST_ALL, query))
        : ofStatus(session, query);
  }

  private static List<JobId> ofWorker(Session session, JobQuery query, String worker)
      throws SQLException {
    List<JobId> ids = new ArrayList<>();
    for (Sql sql : List.of(Sql.LIST_BY_WORKER_STATUS, Sql.LIST_FOLLOWING)) {
      if (sql == Sql.LIST_BY_WORKER_STATUS || !Objects.requireNonNull(query.status()).done()) {
        ids.addAll(ids(bind(session, sql, query).text(status(query)).text(worker)));
      }
    }
    ids.sort(Comparator.reverseOrder());
    return ids.subList(0, Math.min(query.limit(), ids.size()));
  }

  private static List<String> workers(Session session, TenantId tenant) throws SQLException {
    List<String> workers = new ArrayList<>();
    try (ResultSet rows = session.bind(Sql.TENANT_WORKERS).text(tenant.value()).query()) {
      while (rows.next()) {
        workers.add(rows.getString(1));
      }
    }
    return workers;
  }

  /** The newest of the newest of each worker. */
  private static List<JobId> ofStatus(Session session, JobQuery query) throws SQLException {
    List<JobId> ids = new ArrayList<>();
    for (String worker : workers(session, query.tenant())) {
      ids.addAll(ofWorker(session, query, worker));
    }
    ids.sort(Comparator.reverseOrder());
    return ids.subList(0, Math.min(query.limit(), ids.size()));
  }

  private static List<JobId> ids(Bind query) throws SQLException {
    List<JobId> ids = new ArrayList<>();
    try (ResultSet rows = query.query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        ids.add(row.id());
      }
    }
    return ids;
  }

  /** The parameters that all lists have. */
  private static Bind bind(Session session, Sql statement, JobQuery query) throws SQLException {
    return session
        .bind(statement)
        .text(query.tenant().value())
        .bytes(from(query))
        .bytes(to(query))
        .number(query.limit());
  }

  private static @Nullable String status(JobQuery query) {
    return query.status() == null ? null : query.status().wire();
  }

  private static byte[] from(JobQuery query) {
    return query.createdAfter() == null ? FIRST : blob(JobId.floor(query.createdAfter()));
  }

  private static byte[] to(JobQuery query) {
    byte[] to = query.createdBefore() == null ? BEYOND : blob(JobId.floor(query.createdBefore()));
    if (query.before() == null) {
      return to;
    }
    byte[] before = blob(query.before());
    return Arrays.compareUnsigned(before, to) < 0 ? before : to;
  }

  private static byte[] blob(JobId id) {
    return Bind.blob(id.high(), id.low());
  }

  private static byte[] beyond() {
    byte[] beyond = new byte[17];
    Arrays.fill(beyond, (byte) 0xFF);
    return beyond;
  }
}
