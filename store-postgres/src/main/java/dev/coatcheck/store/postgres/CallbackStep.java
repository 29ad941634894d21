package dev.coatcheck.store.postgres;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.callback.Effect;
import dev.coatcheck.callback.Notice;
import dev.coatcheck.event.EventId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Progress;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Resume;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.base.Additions;
import dev.coatcheck.store.base.EarlierNotice;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes callbacks in. */
final class CallbackStep {

  private CallbackStep() {}

  static Result.OpenResult open(Turn turn, Command.OpenCallback command) throws SQLException {
    LeaseToken lease = command.lease();
    turn.flush(lease.job());
    Head head = Head.running(turn, lease);
    if (head == null) {
      return new Result.LeaseLost();
    }
    head.beginCourse(turn);
    turn.bind(Sql.OPEN_CALLBACK).id(head.id()).payload(command.token().hash()).update();
    return new Result.CallbackOpened();
  }

  static Result.ReceiveResult receive(Turn turn, Command.Receive command) throws SQLException {
    turn.flush(command.token().job());
    CallbackToken token = command.token();
    Head head = known(turn, token);
    if (head == null) {
      return new Result.NoSuchCallback();
    }
    EarlierNotice before = before(turn, head, token);
    if (before != null) {
      return before.followedBy(command.notice(), turn.now());
    }
    if (head.phase().done()) {
      return new Result.Received(Effect.IGNORED);
    }
    keep(turn, head, token, command.notice());
    if (head.phase() == Phase.SUSPENDED) {
      SuspendStep.resume(turn, head, Resume.Reason.CALLBACK, token.fence());
      return new Result.Received(Effect.RESUMED);
    }
    head.beginCourse(turn);
    turn.bind(Sql.MARK_CALLBACKS).id(head.id()).update();
    return new Result.Received(Effect.STORED);
  }

  private static void keep(Turn turn, Head head, CallbackToken token, Notice notice)
      throws SQLException {
    turn.bind(Sql.INSERT_CALLBACK)
        .id(head.id())
        .number(token.fence())
        .time(turn.now())
        .text(notice.contentType())
        .payload(notice.body())
        .text(notice.id())
        .payload(notice.digest())
        .update();
  }

  private static @Nullable EarlierNotice before(Turn turn, Head head, CallbackToken token)
      throws SQLException {
    return turn.bind(Sql.FIND_CALLBACK)
        .id(head.id())
        .number(token.fence())
        .first(row -> {
          Instant receivedAt = row.time();
          String id = row.optionalText();
          Payload digest = row.payload();
          return new EarlierNotice(receivedAt, id, digest == null ? Payload.EMPTY : digest);
        });
  }

  static Result.ReceiveResult progress(Turn turn, Command.ReceiveProgress command)
      throws SQLException {
    turn.flush(command.token().job());
    Head head = known(turn, command.token());
    if (head == null) {
      return new Result.NoSuchCallback();
    }
    if (head.phase().done() || command.progress().isEmpty()) {
      return new Result.Received(Effect.IGNORED);
    }
    if (head.course().notes() < EventId.REPORTS_MAX) {
      note(turn, head, command.progress());
    }
    return new Result.Received(Effect.PROGRESS);
  }

  private static void note(Turn turn, Head head, Progress progress) throws SQLException {
    head.beginCourse(turn);
    turn.bind(Sql.NOTE_PROGRESS)
        .id(head.id())
        .real(progress.fraction())
        .text(progress.stage())
        .text(progress.message())
        .update();
    AppendStep.insert(turn, head, Additions.Row.of(progress, head.fence(), head.course().notes()))
        .update();
    turn.news().changed(head.id(), head.phase());
  }

  /** The job that the token may report to, locked; null if it is not known, or no longer. */
  private static @Nullable Head known(Turn turn, CallbackToken token) throws SQLException {
    // Tokens come from outside: nothing is locked for those that are not ours.
    Grants.Known known = Grants.find(turn::bind, token.job(), token.fence());
    if (known == null || !Objects.equals(token.hash(), known.callback())) {
      return null;
    }
    Head head = Head.lock(turn, token.job());
    if (head == null) {
      return null;
    }
    Instant finishedAt = head.times().finishedAt();
    boolean over = finishedAt != null && !finishedAt.plus(Store.CALLBACK_KEPT).isAfter(turn.now());
    return over ? null : head;
  }
}
