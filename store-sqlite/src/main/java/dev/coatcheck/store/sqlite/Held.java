package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.LeaseToken;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of granted jobs, to save a look for each outcome. It holds only what cannot change
 * under a fence, and grants nothing: each statement still checks the token against the row.
 */
final class Held {

  private static final int MAX = 50_000;

  private final Map<JobId, Head> heads =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, Head> eldest) {
          return size() > MAX;
        }
      };

  void put(Head head) {
    heads.put(head.id(), head);
  }

  /** The job that the token may hold; null if it surely does not. Its counts of notes are not. */
  @Nullable Head find(Turn turn, LeaseToken lease) throws SQLException {
    Head known = heads.get(lease.job());
    if (known != null && known.fence() == lease.fence()) {
      return known;
    }
    return Head.running(turn, lease);
  }

  void forget(JobId job) {
    heads.remove(job);
  }
}
