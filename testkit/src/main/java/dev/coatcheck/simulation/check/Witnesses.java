package dev.coatcheck.simulation.check;

import static dev.coatcheck.simulation.check.Invariant.I1;
import static dev.coatcheck.simulation.check.Invariant.I12;
import static dev.coatcheck.simulation.check.Invariant.I14;
import static dev.coatcheck.simulation.check.Invariant.I16;
import static dev.coatcheck.simulation.check.Invariant.I18;
import static dev.coatcheck.simulation.check.Invariant.I2;
import static dev.coatcheck.simulation.check.Invariant.I3;
import static dev.coatcheck.simulation.check.Invariant.I6;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.simulation.check.JobFile.Granted;
import dev.coatcheck.store.Reader.Lookup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What clients, runners and the paid provider saw, each with its own eyes, held against what the
 * witness at the store saw.
 */
public final class Witnesses {

  private final History history;
  private final StoreWitness store;
  private final Map<String, JobId> answers = new HashMap<>();
  private final Map<String, Integer> deliveries = new HashMap<>();
  private final Map<String, Boolean> keyed = new HashMap<>();
  private final Map<JobId, Job> finals = new HashMap<>();
  private final SightRule sight;
  private final Map<String, Integer> executing = new HashMap<>();
  private long acknowledged;
  private long paidCalls;

  public Witnesses(History history, StoreWitness store) {
    this.history = history;
    this.store = store;
    this.sight = new SightRule(history);
  }

  /** A submission is about to reach a node, perhaps once more. */
  public void delivered(String submission, boolean hasKey) {
    deliveries.merge(submission, 1, Integer::sum);
    keyed.put(submission, hasKey);
  }

  /**
   * A client was told that its submission is this job.
   *
   * @param sole whether the key of the submission can name no other submission's job
   */
  public void acknowledged(
      String client, String submission, Job answer, boolean hasKey, boolean sole) {
    acknowledged++;
    JobId job = answer.id();
    sight.answered(answer);
    JobFile file = store.files().get(job);
    history.tell(client, "ok submit " + submission + " = " + store.alias(job));
    history.require(
        file != null, I1, () -> submission + " was acknowledged and is not in the store");
    history.require(
        file == null || !sole || file.submission.equals(submission),
        I6,
        () -> submission + " was answered with the job of another");
    if (hasKey) {
      JobId before = answers.putIfAbsent(submission, job);
      history.require(
          before == null || before.equals(job),
          I6,
          () -> "%s was answered with two jobs".formatted(submission));
    }
  }

  /** A client was told that the job is canceled. */
  public void canceled(String client, Job answer) {
    JobId id = answer.id();
    sight.answered(answer);
    JobFile file = store.files().get(id);
    history.tell(client, "ok cancel " + store.alias(id));
    if (file != null) {
      file.cancelAcknowledgedAt = Math.min(file.cancelAcknowledgedAt, history.now());
      history.require(
          file.job.phase() == Phase.CANCELED,
          I3,
          () -> file.alias + " was answered canceled and is " + MoveRule.shown(file.job));
    }
  }

  /**
   * A client read the job.
   *
   * @param asked when it asked, in virtual nanoseconds: an answer on its way may be old
   */
  public void read(String client, Job job, long asked) {
    JobFile file = store.files().get(job.id());
    String alias = store.alias(job.id());
    if (file != null && asked >= file.cancelAcknowledgedAt) {
      history.require(
          job.phase() == Phase.CANCELED && job.output() == null,
          I3,
          () -> alias + " was answered canceled and read as " + MoveRule.shown(job));
    }
    sight.read(client, alias, job, asked);
    if (job.done()) {
      Job first = finals.putIfAbsent(job.id(), job);
      history.require(
          first == null
              || (first.phase() == job.phase() && Objects.equals(first.output(), job.output())),
          I2,
          () -> alias + " was read final in two ways");
    }
  }

  /** A client was told that the job is no longer there. */
  public void gone(String client, JobId job, Lookup told) {
    JobFile file = store.files().get(job);
    history.tell(client, "finds no " + store.alias(job));
    if (file != null) {
      sight.missed(file.alias, file, told);
    }
    history.require(
        told instanceof Lookup.Gone && file != null && file.pruned,
        I1,
        () -> store.alias(job) + " was not found, and was not pruned");
  }

  /** A runner was told that so many pieces of output of the attempt are kept. */
  public void streamed(JobId job, int attempt, long pieces) {
    JobFile file = store.files().get(job);
    if (file != null) {
      file.streamed.merge(attempt, pieces, Long::max);
    }
  }

  /** A client fetched a file that a finished job lists; empty if there was none. */
  public void downloaded(String client, Job job, String content) {
    String output = job.output() == null ? "" : job.output().text();
    history.tell(client, "downloads a file of " + store.alias(job.id()));
    history.require(
        content.equals(output),
        I18,
        () -> "a file of %s holds \"%s\"".formatted(store.alias(job.id()), content));
  }

  /** An attempt begins to do its work. */
  public void begins(String who, JobId job, int grant) {
    JobFile file = store.files().get(job);
    Granted given = file == null || file.grants.size() < grant ? null : file.grants.get(grant - 1);
    history.tell(who, "begins " + store.alias(job) + " grant " + grant);
    if (file == null || given == null) {
      history.broken(I2, store.alias(job) + " began without a grant");
      return;
    }
    history.require(!given.begun, I2, () -> store.alias(job) + " began twice under grant " + grant);
    given.begun = true;
    String worker = file.job.worker();
    int now = executing.merge(who + ' ' + worker, 1, Integer::sum);
    history.require(
        given.remote != null || now <= store.contract(worker).concurrency(),
        I12,
        () -> "%d attempts of %s execute in %s".formatted(now, worker, who));
  }

  /** An attempt has ended, for what its runner is concerned. */
  public void ends(String who, JobId job) {
    JobFile file = store.files().get(job);
    if (file != null) {
      history.tell(who, "ends " + file.alias);
      executing.merge(who + ' ' + file.job.worker(), -1, Integer::sum);
    }
  }

  /** How many attempts of the worker execute in this process, told to stop or not. */
  public int executing(String who, String worker) {
    return executing.getOrDefault(who + ' ' + worker, 0);
  }

  /** A runner was told that its grant no longer holds the job. */
  public void refused(JobId job, int grant) {
    JobFile file = store.files().get(job);
    if (file != null && file.grants.size() >= grant) {
      file.grants.get(grant - 1).toldLost = true;
    }
  }

  /** The provider was called and takes money for it. */
  public void paid(JobId job, int grant, int attempt, String key) {
    paidCalls++;
    JobFile file = store.files().get(job);
    history.tell("provider", "call of " + store.alias(job) + " grant " + grant + " key " + attempt);
    if (file == null || file.grants.size() < grant) {
      history.broken(I14, store.alias(job) + " paid without a grant");
      return;
    }
    Granted given = file.grants.get(grant - 1);
    file.paid.add(key);
    history.require(
        !given.toldLost,
        I14,
        () -> "%s paid under grant %d, which had been told lost".formatted(file.alias, grant));
    history.require(
        given.number == attempt && file.paid.size() <= file.job.maxAttempts(),
        I14,
        () -> "%s was paid for %d times".formatted(file.alias, file.paid.size()));
    history.require(
        file.paid.size() <= file.job.attempt(),
        I14,
        () -> "%s was paid for more often than it had attempts".formatted(file.alias));
  }

  /** A consumer has followed a job to its end, over broken connections. */
  public void followed(String client, JobId job, List<JobEvent> events) {
    JobFile file = store.files().get(job);
    List<JobEvent> all = file == null ? null : file.finalEvents;
    history.tell(client, "followed " + store.alias(job) + " over " + events.size() + " events");
    history.require(
        all != null && all.equals(events),
        I16,
        () ->
            "%s was streamed as %s, and has %s"
                .formatted(store.alias(job), ids(events), all == null ? "none" : ids(all)));
  }

  private static String ids(List<JobEvent> events) {
    return events.stream().map(event -> event.id() + "").toList().toString();
  }

  /** What can only be said when all is over. */
  public void close() {
    Map<String, Integer> made = new HashMap<>();
    for (JobFile file : store.files().values()) {
      if (file.job.occasion() != null || file.redriven) {
        continue;
      }
      int count = made.merge(file.submission, 1, Integer::sum);
      Integer delivered = deliveries.get(file.submission);
      history.require(delivered != null, I1, () -> file.alias + " is a job that nobody submitted");
      boolean one = Boolean.TRUE.equals(keyed.get(file.submission));
      history.require(
          delivered == null || count <= (one ? 1 : delivered),
          I6,
          () -> file.submission + " became " + count + " jobs");
    }
    for (Map.Entry<String, JobId> answer : answers.entrySet()) {
      history.require(
          store.files().containsKey(answer.getValue()),
          I1,
          () -> answer.getKey() + " was acknowledged and lost");
    }
    store.times().spread();
  }

  /** Submissions that clients were told are durable. */
  public long acknowledged() {
    return acknowledged;
  }

  public long paidCalls() {
    return paidCalls;
  }

  /** Whether a client was told of this job; null if it is not known. */
  public @Nullable Phase phase(JobId job) {
    JobFile file = store.files().get(job);
    return file == null ? null : file.job.phase();
  }
}
