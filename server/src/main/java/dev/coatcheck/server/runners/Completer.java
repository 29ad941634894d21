package dev.coatcheck.server.runners;

import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Standing;
import dev.coatcheck.lend.LastWord;
import dev.coatcheck.lend.Lender;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.json.RawJson;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records what runners made, all that comes together in one commit. An output that is too large or
 * breaks the worker's contract ends its attempt all the same, as failed: the runner has no other to
 * give.
 */
final class Completer {

  private final Desk desk;
  private final Lender lender;
  private final int outputMax;

  Completer(Desk desk, int outputMax) {
    this.desk = desk;
    this.lender = desk.engine().lender();
    this.outputMax = outputMax;
  }

  /**
   * What is to be recorded of a completion.
   *
   * @param problem with its output, which the runner is told once the failure is recorded
   */
  private record Judged(Completion completion, LastWord word, @Nullable Problem problem) {

    static Judged failed(Completion completion, WorkFailure failure, Problem problem) {
      return new Judged(completion, new LastWord.Failed(completion.lease(), failure), problem);
    }
  }

  /** Records all; for each, in their order, what is wrong with it, or nothing. */
  List<Optional<Problem>> complete(List<Completion> completions) throws InterruptedException {
    List<Judged> judged = completions.stream().map(this::judge).toList();
    List<Result> results = lender.end(judged.stream().map(Judged::word).toList());
    List<Optional<Problem>> problems = new ArrayList<>(results.size());
    for (int i = 0; i < results.size(); i++) {
      problems.add(problem(judged.get(i), results.get(i)));
    }
    return problems;
  }

  /** Records that the output of a lease was more than can be read, and tells so. */
  Problem tooLarge(LeaseToken lease) throws InterruptedException {
    LastWord word = new LastWord.Failed(lease, tooLargeFailure());
    return lender.end(List.of(word)).getFirst() instanceof Result.LeaseLost
        ? Leases.lost(lease)
        : tooLargeProblem(lease);
  }

  private Judged judge(Completion completion) {
    LeaseToken lease = completion.lease();
    if (completion.output().size() > outputMax) {
      return Judged.failed(completion, tooLargeFailure(), tooLargeProblem(lease));
    }
    List<Fault> faults =
        lender.standing(lease) instanceof Standing.Held held
            ? desk.contracts()
                .checkOutput(held.worker(), held.workerVersion(), completion.value(), "/output")
            : List.of();
    if (!faults.isEmpty()) {
      Problem problem = Problem.of(ProblemCode.OUTPUT_INVALID, faults).job(lease.job());
      WorkFailure failure = WorkFailure.retryable(ErrorCode.OUTPUT_INVALID, problem.detail());
      return Judged.failed(completion, failure, problem);
    }
    Outcome.Succeeded outcome =
        new Outcome.Succeeded(completion.output(), completion.usage(), completion.files());
    return new Judged(completion, new LastWord.Done(lease, outcome), null);
  }

  private WorkFailure tooLargeFailure() {
    return WorkFailure.permanent(ErrorCode.OUTPUT_TOO_LARGE, tooLargeDetail());
  }

  private Problem tooLargeProblem(LeaseToken lease) {
    return Problem.at(ProblemCode.OUTPUT_TOO_LARGE, "/output", tooLargeDetail()).job(lease.job());
  }

  private String tooLargeDetail() {
    return "the output has more than " + outputMax + " bytes";
  }

  private Optional<Problem> problem(Judged judged, Result result) {
    Completion completion = judged.completion();
    return switch (result) {
      case Result.LeaseLost lost when judged.problem() == null && wasTaken(completion) ->
          Optional.empty();
      case Result.LeaseLost lost -> Optional.of(Leases.lost(completion.lease()));
      case Result.NoSuchFile(FileId file) -> Optional.of(noSuchFile(completion, file));
      case Result recorded -> Optional.ofNullable(judged.problem());
    };
  }

  private static Problem noSuchFile(Completion completion, FileId file) {
    return Problem.at(
        ProblemCode.VALIDATION_FAILED,
        "/files/" + completion.files().indexOf(file),
        "there is no file " + file + ", or no longer");
  }

  /** Whether this very lease ended with this very output before. */
  private boolean wasTaken(Completion completion) {
    LeaseToken lease = completion.lease();
    return lender.standingNow(lease) instanceof Standing.Ended ended
        && ended.state() == Attempt.State.SUCCEEDED
        && desk.engine().reader().job(ended.tenant(), lease.job()) instanceof Lookup.Found found
        && same(found.job(), completion.output());
  }

  private static boolean same(Job job, Payload output) {
    Payload stored = job.output();
    return stored != null && Payload.of(RawJson.compact(stored.bytes())).equals(output);
  }
}
