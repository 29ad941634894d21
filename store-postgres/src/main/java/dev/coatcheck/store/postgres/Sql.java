package dev.coatcheck.store.postgres;

import dev.coatcheck.store.base.Statements;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every statement of the store, loaded from the {@code .sql} files beside this class. Parameters
 * are written {@code ?1}, {@code ?2}, … and may stand in several places.
 */
enum Sql {
  OPENING,
  ONE_STATE,
  INSERT_JOB,
  INSERT_READY,
  INSERT_WAITING,
  DELETE_READY,
  DELETE_WAITING,
  LOCK_READY,
  LOCK_WAITING,
  FIRST_READY,
  READY_LANES,
  INSERT_TAG,
  HEAD,
  HEADS,
  JOB,
  LISTED_JOB,
  PROGRESSED,
  OPEN_BY_KEY,
  INSERT_OPEN_KEY,
  DELETE_OPEN_KEY,
  OPEN_RETRY,
  MARK_RETRIED,
  LIST_ALL,
  LIST_BY_WORKER,
  TENANT_WORKERS,
  LIST_DONE,
  LIST_QUEUED,
  LIST_RUNNING,
  LIST_BY_TAG,
  AHEAD,
  RECENT,
  FINISH,
  RUNNER_STOPPED,
  STAGE_DUE,
  WATCH,
  NEXT_STAGE,
  NEXT_CLOCK,
  COUNT,
  COUNTS,
  FOLD_COUNTS,
  OLDEST_READY,
  CLAIM,
  PASSED,
  INSERT_LEASE,
  LOCK_LEASE,
  LOCK_LEASES,
  LEAVE_LEASE,
  DELETE_LEASE,
  DELETE_LEASES,
  SETTLE,
  TAKE_AWAY,
  END_ATTEMPT,
  BEGIN_COURSE,
  RETURN_COURSE,
  CLEAR_NOTES,
  MARK_SUSPENDED,
  LEAVE_SUSPENSION,
  LOST_SINCE,
  ENDED_GRANT,
  LAST_GRANT,
  RENEW,
  LOCK_ENDED,
  LOCK_UNANSWERED,
  RESCUE_DUE,
  DELETE_OVER,
  NEXT_RESCUE,
  HELD_BY,
  LOCK_HELD,
  HELD,
  INSERT_RESTORE,
  RESTORES,
  LOCK_WORKER,
  WORKERS_CHANGE,
  OWN_PERMITS,
  PERMITS,
  ADD_PERMITS,
  RETURN_PERMITS,
  REVOKE_PERMITS,
  LEAVE_PERMITS,
  DROP_PERMITS,
  RUNNING_BY_RUNNER,
  RUNNING_BY_LANE,
  RENEW_NODE,
  RELEASE_NODE,
  OTHER_NODES,
  FORGET_NODES,
  EXTEND_REMOTE,
  OPEN_CALLBACK,
  FIND_CALLBACK,
  INSERT_CALLBACK,
  MARK_CALLBACKS,
  UNSPENT_CALLBACK,
  GIVEN_CALLBACK,
  SPEND_CALLBACK,
  INSERT_SUSPENSION,
  RESUME_SUSPENSION,
  FIND_SUSPENSION,
  DELETE_SUSPENSION,
  NOTE_PROGRESS,
  ADD_LATE_USAGE,
  LATE_USAGE,
  INSERT_NOTE,
  APPEND,
  NOTES,
  ATTEMPTS,
  FIND_KEY,
  INSERT_KEY,
  SET_KEY,
  ORPHAN_KEYS,
  FORGET_KEYS,
  WORKERS_CHANGED,
  INSERT_WORKER,
  SET_SOURCE,
  CURRENT_WORKERS,
  WORKER_VERSION,
  SET_WORKER_STATE,
  INSERT_DEAD_LETTER,
  REDRIVE_DEAD_LETTER,
  PRUNE_DUE,
  DELETE_JOB,
  DELETE_DONE,
  DELETE_COURSE,
  DELETE_ATTEMPTS,
  DELETE_NOTES,
  DELETE_CALLBACKS,
  DELETE_SUSPENSIONS,
  DELETE_LATE_USAGE,
  DELETE_RETRIES,
  DELETE_TAG,
  DELETE_DEAD_LETTERS,
  INSERT_PRUNED,
  FORGET_PRUNED,
  FIND_PRUNED,
  NEXT_PRUNE,
  INSERT_FILE,
  FIND_FILE,
  FIND_DIGESTS,
  INSERT_FILE_USE,
  PRUNE_FILES_DUE,
  KEEP_FILE,
  DELETE_FILE,
  DELETE_FILE_USES,
  DELETE_USES_OF_JOBS,
  INSERT_BLOB,
  INSERT_PIECE,
  BLOB_AGAIN,
  KEEP_BLOB,
  DELETE_BLOB,
  DELETE_PIECES,
  FIND_BLOB,
  PIECE,
  OLD_BLOBS,
  STRANDED_BLOBS,
  SECRET,
  INSERT_PROBE,
  DELETE_PROBE,
  DURABILITY,
  NOTIFY;

  private final String text;

  @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
  private final int[] places;

  Sql() {
    String named = Files.STATEMENTS.take(name().toLowerCase(Locale.ROOT));
    List<Integer> order = new ArrayList<>();
    Matcher matcher = Pattern.compile("\\?(\\d+)").matcher(named);
    while (matcher.find()) {
      order.add(Integer.parseInt(matcher.group(1)) - 1);
    }
    places = order.stream().mapToInt(Integer::intValue).toArray();
    text = matcher.replaceAll("?");
  }

  /** As the driver wants it, a question mark for each place. */
  String text() {
    return text;
  }

  /** Which parameter stands in each place, from 0 on. */
  int[] places() {
    return places;
  }

  /** Statements of the files that no constant stands for. */
  static Map<String, String> unused() {
    return Files.STATEMENTS.left();
  }

  /** A holder of its own because constants are made before static fields. */
  private static final class Files {

    static final Statements STATEMENTS =
        new Statements(
            Sql.class,
            List.of(
                "jobs.sql",
                "leases.sql",
                "callbacks.sql",
                "events.sql",
                "idempotency.sql",
                "workers.sql",
                "prune.sql",
                "files.sql",
                "blobs.sql"));
  }
}
