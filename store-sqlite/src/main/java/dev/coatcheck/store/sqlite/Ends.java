package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.DeadLetter;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.Phase;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What goes with every end of a job, whoever ends it. */
final class Ends {

  private Ends() {}

  static Instant expiry(Turn turn, Head head, Phase to) {
    Instant expiry = turn.workers().expiry(head.worker(), to.status(), turn.now());
    return head.shared() ? expiry.plus(ReuseStep.KEPT_LONGER) : expiry;
  }

  /** Counts and tells the end, and keeps a dead letter if it leaves one; whether it did. */
  static boolean ended(Turn turn, Head head, Phase to, @Nullable JobError error, Instant expiresAt)
      throws SQLException {
    turn.moved(head, to, null, expiresAt);
    ReuseStep.ended(turn, head, to);
    if (error == null || head.shared() || !turn.workers().deadLetters(head.worker())) {
      return false;
    }
    Optional<DeadLetter> letter = DeadLetter.of(head.worker(), to.status(), error);
    if (letter.isEmpty()) {
      return false;
    }
    turn.bind(Sql.INSERT_DEAD_LETTER)
        .number(head.seq())
        .id(head.id())
        .text(head.tenant().value())
        .text(head.worker())
        .text(error.code().wire())
        .text(letter.get().reason().wire())
        .text(letter.get().fingerprint())
        .time(turn.now())
        .update();
    turn.counters().deadLetters(head.worker(), 1);
    return true;
  }
}
