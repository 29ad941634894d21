package dev.coatcheck.store.sqlite;

import dev.coatcheck.store.base.Statements;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Every statement of the store, loaded from the {@code .sql} files beside this class. */
enum Sql {
  INSERT_JOB,
  INSERT_PAYLOAD,
  INSERT_PROBE,
  DELETE_PROBE,
  INSERT_TAG,
  MAX_SEQ,
  HEAD,
  JOB,
  LISTED_JOB,
  PROGRESSED,
  OPEN_BY_KEY,
  OPEN_RETRY,
  MARK_RETRIED,
  LIST_ALL,
  TENANT_WORKERS,
  LIST_BY_WORKER,
  LIST_BY_WORKER_STATUS,
  LIST_BY_TAG,
  AHEAD,
  RECENT,
  OPEN_JOBS,
  CANCEL,
  RUNNER_STOPPED,
  STAGE_DUE,
  STAGE,
  EXPIRE,
  NEXT_STAGE,
  CLAIM,
  CLAIM_REMOTE,
  INPUT,
  COMPLETE,
  FAIL,
  END_ATTEMPT,
  PARK,
  SUSPEND,
  ADD_RAN,
  MARK_SUSPENDED,
  RETURN_SUSPENDED,
  LEAVE_SUSPENSION,
  OPEN_CALLBACK,
  LOST_SINCE,
  ENDED_GRANT,
  LAST_GRANT,
  RENEW,
  RESCUE_DUE,
  NEXT_RESCUE,
  FREE_LOCAL,
  HELD_BY,
  HELD,
  INSERT_RESTORE,
  RESTORES,
  EXTEND_REMOTE,
  INSERT_NODE,
  INSERT_NOTE,
  APPEND,
  NOTES,
  ATTEMPTS,
  CALLBACK_HASH,
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
  FIND_KEY,
  INSERT_KEY,
  ORPHAN_KEYS,
  FORGET_KEYS,
  INSERT_WORKER,
  SET_SOURCE,
  CURRENT_WORKERS,
  WORKER_VERSION,
  SET_WORKER_STATE,
  FIND_SCHEDULE,
  SET_SCHEDULE,
  TICK,
  OPEN_OF_SCHEDULE,
  REMOVE_SCHEDULE,
  FORGET_SCHEDULES,
  LIST_SCHEDULES,
  DUE_SCHEDULES,
  NEXT_SCHEDULE,
  INSERT_DEAD_LETTER,
  REDRIVE_DEAD_LETTER,
  OPEN_DEAD_LETTERS,
  PRUNE_DUE,
  DELETE_JOB,
  DELETE_PAYLOAD,
  DELETE_ATTEMPTS,
  DELETE_NOTES,
  DELETE_CALLBACKS,
  DELETE_LATE_USAGE,
  DELETE_TAG,
  DELETE_DEAD_LETTER,
  INSERT_PRUNED,
  FORGET_PRUNED,
  FIND_PRUNED,
  NEXT_PRUNE,
  INSERT_FILE,
  FIND_FILE,
  FIND_DIGEST,
  INSERT_FILE_USE,
  PRUNE_FILES_DUE,
  KEEP_FILE,
  DELETE_FILE,
  DELETE_FILE_USES,
  DELETE_USES_OF_JOB,
  FIND_ANSWER,
  KEEP_ANSWER,
  FORGET_ANSWERS,
  INSERT_ANSWERED,
  COPY_OUTPUT,
  FIND_FLIGHT,
  INSERT_FLIGHT,
  RAISE_FLIGHT,
  DELETE_FLIGHT,
  INSERT_LANDING,
  LANDINGS,
  ANY_LANDING,
  PAY_LANDING,
  DELETE_LANDING,
  FOLLOWERS,
  FOLLOWER_IDS,
  LEAVE_FLIGHT,
  WATCH_FOLLOWER,
  LAND,
  LIST_FOLLOWING;

  private final String text = Files.STATEMENTS.take(name().toLowerCase(Locale.ROOT));

  String text() {
    return text;
  }

  /** Statements of the files that no constant stands for. */
  static Map<String, String> unused() {
    return Files.STATEMENTS.left();
  }

  /** Reads a file that lies beside this class. */
  static String resource(String name) {
    return Statements.resource(Sql.class, name);
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
                "schedules.sql",
                "prune.sql",
                "files.sql",
                "reuse.sql"));
  }
}
