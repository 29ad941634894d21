package dev.coatcheck.store.sqlite;

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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes callbacks in. */
final class CallbackStep {

  private CallbackStep() {}

  static Result.OpenResult open(Turn turn, Command.OpenCallback command) throws SQLException {
    turn.flush();
    LeaseToken lease = command.lease();
    int met =
        turn.bind(Sql.OPEN_CALLBACK)
            .id(lease.job())
            .number(lease.fence())
            .secret(lease)
            .payload(command.token().hash())
            .update();
    return met == 0 ? new Result.LeaseLost() : new Result.CallbackOpened();
  }

  static Result.ReceiveResult receive(Turn turn, Command.Receive command) throws SQLException {
    turn.flush();
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
    turn.bind(Sql.MARK_CALLBACKS).number(head.seq()).update();
    turn.held().forget(head.id());
    return new Result.Received(Effect.STORED);
  }

  private static void keep(Turn turn, Head head, CallbackToken token, Notice notice)
      throws SQLException {
    turn.bind(Sql.INSERT_CALLBACK)
        .number(head.seq())
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
    try (ResultSet rows =
        turn.bind(Sql.FIND_CALLBACK).number(head.seq()).number(token.fence()).query()) {
      Columns row = new Columns(rows);
      if (!row.next()) {
        return null;
      }
      Instant receivedAt = row.time();
      String id = row.optionalText();
      Payload digest = row.payload();
      return new EarlierNotice(receivedAt, id, digest == null ? Payload.EMPTY : digest);
    }
  }

  static Result.ReceiveResult progress(Turn turn, Command.ReceiveProgress command)
      throws SQLException {
    turn.flush();
    Head head = known(turn, command.token());
    if (head == null) {
      return new Result.NoSuchCallback();
    }
    if (head.phase().done() || command.progress().isEmpty()) {
      return new Result.Received(Effect.IGNORED);
    }
    if (head.notes() < EventId.REPORTS_MAX) {
      note(turn, head, command.progress());
    }
    return new Result.Received(Effect.PROGRESS);
  }

  private static void note(Turn turn, Head head, Progress progress) throws SQLException {
    turn.bind(Sql.NOTE_PROGRESS)
        .number(head.seq())
        .real(progress.fraction())
        .text(progress.stage())
        .text(progress.message())
        .update();
    AppendStep.insert(turn, head, Additions.Row.of(progress, head.fence(), head.notes())).update();
    turn.hints().changed(head.id(), head.phase());
  }

  /** The job that the token may report to; null if the token is not known, or no longer. */
  private static @Nullable Head known(Turn turn, CallbackToken token) throws SQLException {
    Head head = Head.find(turn, token.job());
    if (head == null || !Objects.equals(token.hash(), hash(turn, head, token.fence()))) {
      return null;
    }
    Instant finishedAt = head.times().finishedAt();
    boolean over = finishedAt != null && !finishedAt.plus(Store.CALLBACK_KEPT).isAfter(turn.now());
    return over ? null : head;
  }

  private static @Nullable Payload hash(Turn turn, Head head, long fence) throws SQLException {
    boolean holds = head.phase() == Phase.RUNNING && head.fence() == fence;
    boolean held = head.phase().done() && head.fence() == fence + 1;
    if (holds || held) {
      try (ResultSet rows = turn.bind(Sql.CALLBACK_HASH).number(head.seq()).query()) {
        Columns row = new Columns(rows);
        Payload hash = row.next() ? row.payload() : null;
        if (hash != null) {
          return hash;
        }
      }
    }
    try (ResultSet rows = turn.bind(Sql.ENDED_GRANT).number(head.seq()).number(fence).query()) {
      Columns row = new Columns(rows);
      if (!row.next()) {
        return null;
      }
      row.text();
      row.optionalText();
      row.bytes();
      return row.payload();
    }
  }
}
