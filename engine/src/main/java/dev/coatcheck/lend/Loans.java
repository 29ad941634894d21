package dev.coatcheck.lend;

import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Standing;
import dev.coatcheck.report.Reports;
import dev.coatcheck.store.Reader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the leases that runners elsewhere hold, to save a look for each of their words.
 * It grants nothing: each statement of the store still checks the token.
 */
final class Loans {

  private static final int MAX = 100_000;

  private record Known(LeaseToken lease, Standing.Held held, @Nullable Reports reports) {}

  private final Reader reader;
  private final Map<JobId, Known> entries =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, Known> eldest) {
          return size() > MAX;
        }
      };

  Loans(Reader reader) {
    this.reader = reader;
  }

  synchronized void add(Grant grant) {
    Standing.Held held =
        new Standing.Held(
            grant.tenant(),
            grant.worker(),
            grant.workerVersion(),
            grant.attempt(),
            grant.maxAttempts());
    entries.put(grant.token().job(), new Known(grant.token(), held, null));
  }

  /** How the lease stood when it was last heard of; it may have ended since. */
  Standing lookUp(LeaseToken lease) {
    synchronized (this) {
      Known known = entries.get(lease.job());
      if (known != null && known.lease.equals(lease)) {
        return known.held;
      }
    }
    Standing standing = reader.standing(lease);
    if (standing instanceof Standing.Held held) {
      synchronized (this) {
        entries.putIfAbsent(lease.job(), new Known(lease, held, null));
      }
    }
    return standing;
  }

  /** The reports of the lease, made when first asked for; null if it does not hold its job. */
  @Nullable Reports reports(LeaseToken lease, Function<LeaseToken, Reports> make) {
    return lookUp(lease) instanceof Standing.Held ? known(lease, make) : null;
  }

  private synchronized @Nullable Reports known(
      LeaseToken lease, Function<LeaseToken, Reports> make) {
    Known known = entries.get(lease.job());
    if (known == null || !known.lease.equals(lease)) {
      return null;
    }
    Reports reports = known.reports;
    if (reports == null) {
      reports = make.apply(lease);
      entries.put(lease.job(), new Known(lease, known.held, reports));
    }
    return reports;
  }

  /** Sends what is held of the lease's reports, before its end is recorded. */
  void close(LeaseToken lease) {
    Reports reports = null;
    synchronized (this) {
      Known known = entries.get(lease.job());
      if (known != null && known.lease.equals(lease)) {
        entries.remove(lease.job());
        reports = known.reports;
      }
    }
    if (reports != null) {
      reports.close();
    }
  }
}
