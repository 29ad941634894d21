package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.store.JobQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a tenant's jobs. There is a statement for each set of conditions, none of which scans.
 */
final class JobList {

  private static final byte[] FIRST = new byte[16];

  /** Longer than any id, hence after all of them. */
  private static final byte[] BEYOND = beyond();

  private JobList() {}

  static Sql statement(JobQuery query) {
    if (query.tag() != null) {
      return Sql.LIST_BY_TAG;
    }
    if (query.worker() != null) {
      return query.status() == null ? Sql.LIST_BY_WORKER : Sql.LIST_BY_WORKER_STATUS;
    }
    return query.status() == null ? Sql.LIST_ALL : Sql.LIST_BY_STATUS;
  }

  static List<Job> page(Session session, JobQuery query) throws SQLException {
    List<JobId> ids = new ArrayList<>();
    try (ResultSet rows = bind(session, query).query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        ids.add(row.id());
      }
    }
    Sql read = query.payloads() ? Sql.JOB : Sql.LISTED_JOB;
    List<Job> jobs = new ArrayList<>(ids.size());
    for (JobId id : ids) {
      JobRow row = JobRow.find(session.bind(read), query.tenant(), id, query.payloads());
      if (row != null) {
        jobs.add(row.job());
      }
    }
    return jobs;
  }

  /** Parameters stand in the order of how many statements need them; the last ones are left out. */
  private static Bind bind(Session session, JobQuery query) throws SQLException {
    Sql statement = statement(query);
    Bind bind =
        session
            .bind(statement)
            .text(query.tenant().value())
            .bytes(from(query))
            .bytes(to(query))
            .number(query.limit());
    switch (statement) {
      case LIST_ALL -> {}
      case LIST_BY_STATUS -> bind.text(status(query));
      default -> bind.text(status(query)).text(query.worker());
    }
    JobQuery.Tag tag = query.tag();
    return tag == null ? bind : bind.text(tag.key()).text(tag.value());
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
