package dev.coatcheck.store.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
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

  private static final String NAME = "-- name: ";

  private final String text = Files.take(name().toLowerCase(Locale.ROOT));

  String text() {
    return text;
  }

  /** Statements of the files that no constant stands for. */
  static Map<String, String> unused() {
    return Map.copyOf(Files.STATEMENTS);
  }

  /** Reads a file that lies beside this class. */
  static String resource(String name) {
    try (InputStream in = Sql.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The statements by name; a holder of its own because constants are made before static fields.
   */
  private static final class Files {

    static final Map<String, String> STATEMENTS = load();

    static String take(String name) {
      String text = STATEMENTS.remove(name);
      if (text == null) {
        throw new IllegalStateException("no statement is named " + name);
      }
      return text;
    }

    private static Map<String, String> load() {
      Map<String, String> statements = new HashMap<>();
      for (String file :
          new String[] {
            "jobs.sql",
            "leases.sql",
            "callbacks.sql",
            "events.sql",
            "idempotency.sql",
            "workers.sql",
            "prune.sql",
            "files.sql"
          }) {
        String[] parts = resource(file).split("(?m)^" + NAME, -1);
        for (int i = 1; i < parts.length; i++) {
          int end = parts[i].indexOf('\n');
          String body = parts[i].substring(end).replaceAll("(?m)^--.*$", "").strip();
          String name = parts[i].substring(0, end).strip();
          if (statements.put(name, body.substring(0, body.length() - 1)) != null) {
            throw new IllegalStateException("two statements are named " + name);
          }
        }
      }
      return statements;
    }
  }
}
