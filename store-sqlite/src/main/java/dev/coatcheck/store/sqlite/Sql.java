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
  INSERT_DEAD_LETTER,
  REDRIVE_DEAD_LETTER,
  OPEN_DEAD_LETTERS,
  LETTERS,
  LETTERS_OF,
  LETTERS_ALIKE,
  COUNT_LETTERS,
  COUNT_LETTERS_OF,
  COUNT_LETTERS_ALIKE,
  LETTER_KINDS,
  LETTER_GROUPS,
  LETTER_GROUP,
  LETTER,
  DISCARD_LETTER,
  COUNT_OPEN,
  INSERT_OPERATION,
  OPERATION,
  OPEN_OPERATIONS,
  ADVANCE_OPERATION,
  FORGET_OPERATIONS,
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
  DELETE_USES_OF_JOB;

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
                "prune.sql",
                "letters.sql",
                "files.sql"));
  }
}
