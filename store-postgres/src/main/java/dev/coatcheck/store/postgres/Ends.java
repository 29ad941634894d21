package dev.coatcheck.store.postgres;

import dev.coatcheck.job.DeadLetter;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What goes with every end of a job, whoever ends it. */
final class Ends {

  /** The job that ended. */
  record Ended(JobId id, TenantId tenant, String worker) {}

  private Ends() {}

  static Instant expiry(Turn turn, Head head, Phase to) {
    Instant expiry = turn.workers().expiry(head.worker(), to.status(), turn.now());
    return head.shares().shared() ? expiry.plus(ReuseStep.KEPT_LONGER) : expiry;
  }

  /** Ends a job that nobody holds. */
  static void finish(Turn turn, Head head, Phase to, JobError error, @Nullable String was)
      throws SQLException {
    Instant expiresAt = expiry(turn, head, to);
    turn.bind(Sql.FINISH)
        .id(head.id())
        .text(head.tenant().value())
        .text(head.worker())
        .text(to.status().wire())
        .number(head.fence() + 1)
        .number(head.attempt())
        .time(turn.now())
        .time(expiresAt)
        .error(error)
        .text(was)
        .update();
    head.leave(turn);
    Resumption.spend(turn, head);
    ended(turn, head, to, error, expiresAt);
  }

  /** Ends a job that somebody holds. */
  static void takeAway(Turn turn, Head head, Phase to, JobError error, @Nullable String was)
      throws SQLException {
    Instant expiresAt = expiry(turn, head, to);
    turn.bind(Sql.TAKE_AWAY)
        .id(head.id())
        .number(head.fence())
        .text(to.status().wire())
        .time(turn.now())
        .time(expiresAt)
        .error(error)
        .text(was)
        .update();
    head.leave(turn);
    Resumption.spend(turn, head);
    ended(turn, head, to, error, expiresAt);
  }

  /** Counts and tells the end, and does what goes with it. */
  static void ended(Turn turn, Head head, Phase to, @Nullable JobError error, Instant expiresAt)
      throws SQLException {
    turn.moved(head, to, expiresAt);
    ReuseStep.ended(turn, head.id(), head.tenant(), head.shares(), to);
    if (head.uniqueKey() != null) {
      turn.bind(Sql.DELETE_OPEN_KEY)
          .text(head.tenant().value())
          .text(head.worker())
          .text(head.uniqueKey())
          .id(head.id())
          .update();
    }
    if (error != null && !head.shares().shared()) {
      deadLetter(turn, new Ended(head.id(), head.tenant(), head.worker()), to, error);
    }
  }

  /** Keeps a dead letter if the end leaves one; whether it did. */
  static boolean deadLetter(Turn turn, Ended job, Phase to, JobError error) throws SQLException {
    if (!turn.workers().deadLetters(job.worker())) {
      return false;
    }
    Optional<DeadLetter> letter = DeadLetter.of(job.worker(), to.status(), error);
    if (letter.isEmpty()) {
      return false;
    }
    turn.bind(Sql.INSERT_DEAD_LETTER)
        .id(job.id())
        .text(job.tenant().value())
        .text(job.worker())
        .text(error.code().wire())
        .text(letter.get().reason().wire())
        .text(letter.get().fingerprint())
        .time(turn.now())
        .update();
    turn.counters().deadLetters(job.worker(), 1);
    return true;
  }
}
