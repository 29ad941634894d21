package dev.coatcheck;

import dev.coatcheck.commit.Committer;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Occasion;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Result.SubmitAllResult;
import dev.coatcheck.store.Result.SubmitResult;
import dev.coatcheck.submit.Catalog;
import dev.coatcheck.submit.Submitter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes submissions in, one or many, and tells which jobs stand for them. */
final class Intake {

  private final Catalog catalog;
  private final Submitter submitter;
  private final Committer committer;
  private final Reader reader;

  Intake(Catalog catalog, Submitter submitter, Committer committer, Reader reader) {
    this.catalog = catalog;
    this.submitter = submitter;
    this.committer = committer;
    this.reader = reader;
  }

  Optional<NewJob> prepare(Submission submission) {
    return catalog.get(submission.worker()).map(worker -> submitter.resolve(submission, worker));
  }

  Submitted submit(Submission submission) throws InterruptedException {
    return submit(submission, worker -> submitter.submit(submission, worker));
  }

  private Submitted submit(Submission submission, Way way) throws InterruptedException {
    Optional<KnownWorker> worker = catalog.get(submission.worker());
    if (worker.isEmpty()) {
      return new Submitted.NoSuchWorker(submission.worker());
    }
    return submitted(submission.tenant(), way.submit(worker.get()));
  }

  private Submitted submitted(TenantId tenant, SubmitResult result) {
    return switch (result) {
      case Result.Accepted(var job) -> new Submitted.Created(job);
      case Result.Started(var job, var grant) -> new Submitted.Created(job);
      case Result.Existing(var id) -> asItIsNow(tenant, id, false);
      case Result.Replayed(var id) -> asItIsNow(tenant, id, true);
      case Result.KeyReused(var id) -> new Submitted.KeyReused(id);
      case Result.NoSuchFile(var file) -> new Submitted.NoSuchFile(file);
      case Result.QueueFull(var limit) -> new Submitted.QueueFull(limit);
    };
  }

  List<Submitted> submitEach(List<Submission> submissions) throws InterruptedException {
    List<Optional<NewJob>> jobs = submissions.stream().map(this::prepare).toList();
    List<Command> commands = new ArrayList<>(jobs.size());
    jobs.forEach(job -> job.ifPresent(known -> commands.add(new Command.Submit(known, false))));
    Iterator<Result> results = committer.commit(commands).iterator();
    List<Submitted> answers = new ArrayList<>(jobs.size());
    for (int place = 0; place < jobs.size(); place++) {
      Submission submission = submissions.get(place);
      answers.add(
          jobs.get(place).isEmpty()
              ? new Submitted.NoSuchWorker(submission.worker())
              : submitted(submission.tenant(), (SubmitResult) results.next()));
    }
    return answers;
  }

  SubmittedAll submitAll(List<Submission> submissions) throws InterruptedException {
    List<NewJob> jobs = new ArrayList<>(submissions.size());
    for (int place = 0; place < submissions.size(); place++) {
      String worker = submissions.get(place).worker();
      Optional<NewJob> job = prepare(submissions.get(place));
      if (job.isEmpty()) {
        return new SubmittedAll.None(place, new Submitted.NoSuchWorker(worker));
      }
      jobs.add(job.get());
    }
    return switch ((SubmitAllResult) committer.commit(new Command.SubmitAll(jobs))) {
      case Result.AllSubmitted(List<SubmitResult> results) -> {
        List<Submitted> answers = new ArrayList<>(results.size());
        for (int place = 0; place < results.size(); place++) {
          answers.add(submitted(submissions.get(place).tenant(), results.get(place)));
        }
        yield new SubmittedAll.All(answers);
      }
      case Result.NoneSubmitted(int place, SubmitResult refusal) ->
          new SubmittedAll.None(place, submitted(submissions.get(place).tenant(), refusal));
    };
  }

  Submitted run(Schedule schedule, @Nullable Idempotency idempotency) throws InterruptedException {
    Submission work =
        idempotency == null ? schedule.work() : schedule.work().withIdempotency(idempotency);
    Occasion occasion = new Occasion(schedule.name(), null);
    return submit(work, worker -> submitter.submit(work, worker, occasion));
  }

  private interface Way {
    Result.SubmitResult submit(KnownWorker worker) throws InterruptedException;
  }

  private Submitted asItIsNow(TenantId tenant, JobId id, boolean replayed) {
    if (reader.job(tenant, id) instanceof Lookup.Found(Job job)) {
      return replayed ? new Submitted.Replayed(job) : new Submitted.Existing(job);
    }
    return new Submitted.Gone(id);
  }
}
