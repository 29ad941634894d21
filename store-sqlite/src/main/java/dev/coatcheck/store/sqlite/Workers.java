package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.JobStatus;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import dev.coatcheck.worker.Retention;
import dev.coatcheck.worker.WorkerSpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The current definition of every worker, as far as the store itself goes by it. */
final class Workers {

  private record Current(
      int version, String document, int maxLost, boolean deadLetters, Retention retention) {}

  private static final Current UNKNOWN = new Current(0, "", 3, true, Retention.DEFAULT);

  private Map<String, Current> current = new HashMap<>();
  private Map<String, Current> before = new HashMap<>();

  void load(Session session) throws SQLException {
    try (ResultSet rows = session.bind(Sql.CURRENT_WORKERS).query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        String name = row.text();
        current.put(
            name,
            new Current(
                row.count(),
                row.text(),
                row.count(),
                row.flag(),
                new Retention(
                    Duration.ofMillis(row.number()),
                    Duration.ofMillis(row.number()),
                    Duration.ofMillis(row.number()))));
      }
    }
    before = new HashMap<>(current);
  }

  Instant expiry(String worker, JobStatus status, Instant now) {
    return now.plus(of(worker).retention().of(status));
  }

  int maxLost(String worker) {
    return of(worker).maxLost();
  }

  boolean deadLetters(String worker) {
    return of(worker).deadLetters();
  }

  Result.Defined define(Turn turn, Command.Define command) throws SQLException {
    WorkerSpec spec = command.spec();
    String document = WorkerDocument.of(spec);
    Current last = of(spec.name());
    if (last.document().equals(document)) {
      return new Result.Defined(last.version());
    }
    Current next =
        new Current(
            last.version() + 1, document, spec.maxLost(), spec.deadLetters(), spec.retention());
    turn.bind(Sql.INSERT_WORKER)
        .text(spec.name())
        .number(next.version())
        .text(command.source())
        .text(document)
        .time(turn.now())
        .number(spec.maxLost())
        .flag(spec.deadLetters())
        .duration(spec.retention().succeeded())
        .duration(spec.retention().failed())
        .duration(spec.retention().canceled())
        .update();
    current.put(spec.name(), next);
    return new Result.Defined(next.version());
  }

  void keep() {
    if (current.size() != before.size() || !current.equals(before)) {
      before = new HashMap<>(current);
    }
  }

  void undo() {
    current = new HashMap<>(before);
  }

  private Current of(String worker) {
    return current.getOrDefault(worker, UNKNOWN);
  }
}
