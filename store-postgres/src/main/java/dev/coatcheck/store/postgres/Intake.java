package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** New jobs of one transaction, gathered so that many cost one batch. */
final class Intake {

  private final Turn turn;
  private final List<Bind> jobs = new ArrayList<>();
  private final List<Bind> ready = new ArrayList<>();
  private final List<Bind> waiting = new ArrayList<>();
  private final Map<String, List<JobId>> started = new HashMap<>();
  private final Map<String, Boolean> anyReady = new HashMap<>();
  private final Map<String, UUID> leases = new HashMap<>();
  private final Set<JobId> ids = new HashSet<>();

  Intake(Turn turn) {
    this.turn = turn;
  }

  boolean has(JobId job) {
    return ids.contains(job);
  }

  void add(JobId id, Bind job) {
    ids.add(id);
    jobs.add(job);
  }

  void ready(String worker, Bind row) {
    ready.add(row);
    anyReady.put(worker, true);
  }

  void waiting(Bind row) {
    waiting.add(row);
  }

  /** Whether jobs of the worker are ready; they go first. */
  boolean anyReady(String worker) throws SQLException {
    Boolean known = anyReady.get(worker);
    if (known == null) {
      known = !FirstReady.of(turn.session(), turn.fixed().lowWater(), List.of(worker)).isEmpty();
      anyReady.put(worker, known);
    }
    return known;
  }

  /** The job starts on this node at once; the lease that it starts under. */
  UUID start(String worker, JobId job) {
    started.computeIfAbsent(worker, w -> new ArrayList<>()).add(job);
    return leases.computeIfAbsent(worker, w -> turn.random());
  }

  void flush() throws SQLException {
    Bind.all(jobs);
    Bind.all(ready);
    Bind.all(waiting);
    for (Map.Entry<String, List<JobId>> entry : started.entrySet()) {
      grant(entry.getKey(), entry.getValue());
    }
    jobs.clear();
    ready.clear();
    waiting.clear();
    started.clear();
    leases.clear();
    ids.clear();
  }

  private void grant(String worker, List<JobId> jobs) throws SQLException {
    List<Leases.Member> members = jobs.stream().map(id -> new Leases.Member(id, 2, 1)).toList();
    Leases.insert(turn, Objects.requireNonNull(leases.get(worker)), worker, members);
  }
}
