package dev.coatcheck.simulation.check;

import static dev.coatcheck.simulation.check.Invariant.I3;
import static dev.coatcheck.simulation.check.Invariant.I6;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.operation.Operation;
import dev.coatcheck.operation.OperationId;
import dev.coatcheck.store.Result;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * I6 and I3 for what operations do: a dead letter is redriven once, by a job that names it; what is
 * counted as canceled is; each slice is done at a version of its own, and jobs are counted as they
 * are dealt with.
 */
final class RedriveRule {

  private final History history;
  private final Set<JobId> originals = new HashSet<>();
  private final Map<OperationId, Operation> operations = new HashMap<>();

  RedriveRule(History history) {
    this.history = history;
  }

  void advanced(Map<JobId, JobFile> files, Result.Advanced slice) {
    Operation now = slice.operation();
    Operation before = operations.put(now.id(), now);
    history.require(
        before == null || before.version() + 1 == now.version(),
        I6,
        () -> "a slice of an operation was done at version " + now.version() + " once more");
    history.require(
        before == null || before.tally().all() + slice.results().size() == now.tally().all(),
        I6,
        () -> "an operation does not count what it did");
    for (Result result : slice.results()) {
      switch (result) {
        case Result.Redriven(Job job) -> redriven(files, job);
        case Result.Canceled(Job job) -> canceled(files.get(job.id()), job);
        default -> {}
      }
    }
  }

  private void redriven(Map<JobId, JobFile> files, Job job) {
    JobId original = job.retryOf();
    JobFile file = files.get(job.id());
    history.require(
        original != null && originals.add(original), I6, () -> "a dead letter was redriven twice");
    history.require(file != null, Invariant.I1, () -> "a redriven job is not in the store");
    if (file != null) {
      file.redriven = true;
    }
  }

  private void canceled(@Nullable JobFile file, Job job) {
    history.require(
        file != null && file.job.phase() == Phase.CANCELED,
        I3,
        () -> "a job was counted as canceled and is " + MoveRule.shown(job));
  }
}
