package dev.coatcheck.testkit;

import dev.coatcheck.callback.Callback;
import dev.coatcheck.callback.Notice;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One grant of a job: whose it was, how it ended, and what called back under it. */
final class GrantRow {

  /** The one notice that was taken under the grant's callback token. */
  record Taken(Notice notice, Instant at, boolean spent) {

    Callback callback() {
      return new Callback(at, notice.contentType(), notice.body());
    }
  }

  final LeaseToken token;
  final int number;
  final RunnerId runner;
  final Instant startedAt;

  Attempt.State state = Attempt.State.RUNNING;
  @Nullable Instant finishedAt;
  @Nullable JobError error;
  Usage usage = Usage.NONE;
  boolean late;
  @Nullable WaitReason waitReason;
  @Nullable Instant nextAttemptAt;

  @Nullable Payload callbackHash;
  @Nullable Taken taken;

  /** The grant whose callback this one was given to go on with. */
  @Nullable GrantRow givenFrom;

  GrantRow(LeaseToken token, int number, RunnerId runner, Instant startedAt) {
    this.token = token;
    this.number = number;
    this.runner = runner;
    this.startedAt = startedAt;
  }

  boolean hasUnspentCallback() {
    return taken != null && !taken.spent();
  }

  void spendCallback() {
    if (taken != null) {
      taken = new Taken(taken.notice(), taken.at(), true);
    }
  }

  Attempt attempt() {
    return new Attempt(
        number,
        token.fence(),
        state,
        runner.toString(),
        startedAt,
        finishedAt,
        error,
        usage,
        late,
        waitReason,
        nextAttemptAt);
  }
}
