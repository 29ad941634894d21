package dev.coatcheck.store.postgres;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobFilter;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.store.JobQuery;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a tenant's jobs. There is a statement for each set of conditions, none of which scans.
 */
final class JobList {

  private static final JobId FIRST = new JobId(0, 0);

  /** After every id that has a time before the year 10,000. */
  private static final JobId LAST = new JobId(-1, -1);

  private JobList() {}

  static List<Job> page(Session session, JobQuery query) throws SQLException {
    Sql read = query.payloads() ? Sql.JOB : Sql.LISTED_JOB;
    List<Job> jobs = new ArrayList<>();
    for (JobId id : ids(session, query)) {
      Job job = JobRow.seen(session, read, query.tenant(), id);
      if (job != null) {
        jobs.add(job);
      }
    }
    return jobs;
  }

  /** A part of a list. */
  record Slice(@Nullable JobId before, int limit) {}

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

  /** How many open jobs there are, counted up to a limit. */
  static long count(Session session, TenantId tenant, JobFilter filter, int limit)
      throws SQLException {
    if (filter.tag() != null) {
      return open(session, tenant, filter, new Slice(null, limit)).size();
    }
    String worker = filter.worker();
    List<String> workers =
        worker == null
            ? session.bind(Sql.TENANT_WORKERS).text(tenant.value()).list(Columns::text)
            : List.of(worker);
    long count = 0;
    for (JobStatus status : statuses(filter)) {
      Sql sql = status == JobStatus.QUEUED ? Sql.COUNT_QUEUED : Sql.COUNT_RUNNING;
      JobQuery query = query(tenant, filter, status, new Slice(null, limit));
      for (String each : workers) {
        count += bind(session, sql, query).text(each).count();
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

  private static List<JobId> ids(Session session, JobQuery query) throws SQLException {
    JobQuery.Tag tag = query.tag();
    if (tag != null) {
      return bind(session, Sql.LIST_BY_TAG, query)
          .text(status(query))
          .text(query.worker())
          .text(tag.key())
          .text(tag.value())
          .list(Columns::id);
    }
    if (query.status() == null) {
      return query.worker() == null
          ? bind(session, Sql.LIST_ALL, query).list(Columns::id)
          : bind(session, Sql.LIST_BY_WORKER, query)
              .text(null)
              .text(query.worker())
              .list(Columns::id);
    }
    return query.worker() == null
        ? ofStatus(session, query, query.status())
        : ofWorker(session, query, query.worker(), query.status());
  }

  private static List<JobId> ofWorker(
      Session session, JobQuery query, String worker, JobStatus status) throws SQLException {
    Sql statement =
        switch (status) {
          case QUEUED -> Sql.LIST_QUEUED;
          case RUNNING -> Sql.LIST_RUNNING;
          case SUCCEEDED, FAILED, TIMED_OUT, CANCELED -> Sql.LIST_DONE;
        };
    List<JobId> ids = new ArrayList<>(ids(session, statement, query, worker, status));
    if (!status.done()) {
      ids.addAll(ids(session, Sql.LIST_FOLLOWING, query, worker, status));
      ids.sort(Comparator.reverseOrder());
    }
    return ids.subList(0, Math.min(query.limit(), ids.size()));
  }

  private static List<JobId> ids(
      Session session, Sql statement, JobQuery query, String worker, JobStatus status)
      throws SQLException {
    return bind(session, statement, query).text(status.wire()).text(worker).list(Columns::id);
  }

  /** The newest of the newest of each worker. */
  private static List<JobId> ofStatus(Session session, JobQuery query, JobStatus status)
      throws SQLException {
    String tenant = query.tenant().value();
    List<JobId> ids = new ArrayList<>();
    for (String worker : session.bind(Sql.TENANT_WORKERS).text(tenant).list(Columns::text)) {
      ids.addAll(ofWorker(session, query, worker, status));
    }
    ids.sort(Comparator.reverseOrder());
    return ids.subList(0, Math.min(query.limit(), ids.size()));
  }

  /** The parameters that all lists have. */
  private static Bind bind(Session session, Sql statement, JobQuery query) {
    return session
        .bind(statement)
        .text(query.tenant().value())
        .id(from(query))
        .id(to(query))
        .number(query.limit());
  }

  private static @Nullable String status(JobQuery query) {
    return query.status() == null ? null : query.status().wire();
  }

  private static JobId from(JobQuery query) {
    return query.createdAfter() == null ? FIRST : JobId.floor(query.createdAfter());
  }

  private static JobId to(JobQuery query) {
    JobId to = query.createdBefore() == null ? LAST : JobId.floor(query.createdBefore());
    return query.before() != null && query.before().compareTo(to) < 0 ? query.before() : to;
  }
}
