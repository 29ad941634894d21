package dev.coatcheck.simulation.check;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the witnesses know of one job. */
final class JobFile {

  /** One grant as the store gave it out. */
  static final class Granted {
    final LeaseToken token;
    final int number;
    final @Nullable RunnerId remote;
    final String node;
    @Nullable Instant leaseUntil;
    boolean begun;

    /** Somebody was told that this grant no longer holds its job. */
    boolean toldLost;

    Granted(
        LeaseToken token,
        int number,
        String node,
        @Nullable RunnerId remote,
        @Nullable Instant leaseUntil) {
      this.token = token;
      this.number = number;
      this.node = node;
      this.remote = remote;
      this.leaseUntil = leaseUntil;
    }
  }

  /** A status event that must be in the job's history. */
  record Expected(long id, String status, @Nullable String waitReason, int attempt) {}

  final String alias;
  final String submission;
  final List<Granted> grants = new ArrayList<>();
  final List<Expected> expected = new ArrayList<>();
  final Set<String> paid = new HashSet<>();

  /** How many pieces of output a runner was told are kept, by attempt. */
  final Map<Integer, Long> streamed = new HashMap<>();

  Job job;
  List<Attempt> attempts = List.of();
  @Nullable List<JobEvent> finalEvents;
  @Nullable String uniqueKey;

  /** When the first client was told that the job is canceled, in virtual nanoseconds. */
  long cancelAcknowledgedAt = Long.MAX_VALUE;

  boolean pruned;

  /** It repeats the job of a dead letter, and nobody handed it in. */
  boolean redriven;

  int callbacksTaken;

  JobFile(String alias, String submission, Job job) {
    this.alias = alias;
    this.submission = submission;
    this.job = job;
  }

  /** The grant that holds the job now. */
  @Nullable Granted holder() {
    return job.phase() == Phase.RUNNING && !grants.isEmpty() ? grants.getLast() : null;
  }

  boolean heldBy(LeaseToken token) {
    Granted holder = holder();
    return holder != null && holder.token.equals(token);
  }

  @Nullable Granted grant(LeaseToken token) {
    for (Granted grant : grants) {
      if (grant.token.equals(token)) {
        return grant;
      }
    }
    return null;
  }
}
