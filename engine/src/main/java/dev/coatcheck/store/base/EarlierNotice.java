package dev.coatcheck.store.base;

import dev.coatcheck.callback.Effect;
import dev.coatcheck.callback.Notice;
import dev.coatcheck.job.Payload;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Result.ReceiveResult;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What came with a callback token before.
 *
 * @param id null for one without
 */
public record EarlierNotice(Instant receivedAt, @Nullable String id, Payload digest) {

  /** How long a notice without an id is known again by its body. */
  private static final Duration KNOWN_AGAIN = Duration.ofHours(24);

  /** What becomes of another one: a token resumes once. */
  public ReceiveResult followedBy(Notice notice, Instant now) {
    boolean sameBody = digest.equals(notice.digest());
    if (id != null && notice.id() != null) {
      if (!id.equals(notice.id())) {
        return new Result.Received(Effect.IGNORED);
      }
      return sameBody ? new Result.Received(Effect.DUPLICATE) : new Result.NoticeIdReused();
    }
    boolean lately = !receivedAt.plus(KNOWN_AGAIN).isBefore(now);
    return new Result.Received(sameBody && lately ? Effect.DUPLICATE : Effect.IGNORED);
  }
}
