package dev.coatcheck.simulation.check;

import static dev.coatcheck.simulation.check.Invariant.I2;
import static dev.coatcheck.simulation.check.Invariant.I8;
import static dev.coatcheck.simulation.check.Invariant.I9;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Lifecycle;
import dev.coatcheck.job.Phase;
import dev.coatcheck.simulation.check.JobFile.Expected;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * I8 and the parts of I2 and I9 that can be seen from one job's successive states: moves are those
 * of {@link Lifecycle} and belong to what the store was asked, each raises the fence by one
 * (staging excepted) and has one event; what is final stays; attempts are numbered as grants ended.
 */
final class MoveRule {

  private final History history;

  MoveRule(History history) {
    this.history = history;
  }

  void born(JobFile file) {
    Job job = file.job;
    history.require(
        Lifecycle.allows(null, Lifecycle.Move.SUBMIT, job.phase()),
        I8,
        () -> file.alias + " was born " + job.phase());
    long fence = job.phase() == Phase.RUNNING ? 2 : 1;
    history.require(
        job.fence() == fence, I8, () -> file.alias + " was born with fence " + job.fence());
    file.expected.add(new Expected(EventId.ofStatus(1), "queued", null, 0));
    if (job.phase() == Phase.RUNNING) {
      expect(file, job);
    } else if (job.waitReason() != null) {
      file.expected.set(0, new Expected(EventId.ofStatus(1), "queued", job.waitReason().wire(), 0));
    }
  }

  void moved(JobFile file, Cause cause, Job before, Job after) {
    if (before.done()) {
      history.require(
          same(before, after),
          I2,
          () ->
              "%s was final as %s and became %s by %s"
                  .formatted(file.alias, shown(before), shown(after), cause));
      return;
    }
    if (before.fence() == after.fence() && before.phase() == after.phase()) {
      return;
    }
    boolean staged = cause == Cause.STAGE && after.phase() == Phase.READY;
    history.require(
        legal(cause, before, after),
        I8,
        () ->
            "%s went from %s to %s by %s"
                .formatted(file.alias, shown(before), shown(after), cause));
    history.require(
        after.fence() == before.fence() + (staged ? 0 : 1),
        I8,
        () -> "%s: fence %d became %d".formatted(file.alias, before.fence(), after.fence()));
    if (!staged) {
      expect(file, after);
    }
  }

  private static boolean legal(Cause cause, Job before, Job after) {
    return cause.moves().stream()
        .anyMatch(move -> Lifecycle.allows(before.phase(), move, after.phase()));
  }

  private static boolean same(Job before, Job after) {
    return before.phase() == after.phase()
        && before.fence() == after.fence()
        && Objects.equals(before.output(), after.output())
        && Objects.equals(before.error(), after.error())
        && before.files().equals(after.files());
  }

  private static void expect(JobFile file, Job job) {
    String reason = job.waitReason() == null ? null : job.waitReason().wire();
    file.expected.add(
        new Expected(
            EventId.ofStatus(job.fence()),
            job.status().wire(),
            job.done() ? null : reason,
            job.done() ? -1 : job.attempt()));
  }

  static String shown(Job job) {
    return job.phase() + "@" + job.fence();
  }

  /** The grants of a job against those known before. */
  void grants(JobFile file, List<Attempt> before, List<Attempt> after, int maxLost) {
    Job job = file.job;
    history.require(
        after.size() >= before.size() && after.size() <= before.size() + 1,
        I9,
        () -> "%s has %d grants after %d".formatted(file.alias, after.size(), before.size()));
    for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
      ended(file, before.get(i), after.get(i));
    }
    if (after.size() > before.size()) {
      numbered(file, after.get(after.size() - 1), before.isEmpty() ? null : before.getLast());
    }
    long running = after.stream().filter(grant -> grant.state() == Attempt.State.RUNNING).count();
    history.require(
        running == (job.phase() == Phase.RUNNING ? 1 : 0),
        I9,
        () -> "%s is %s with %d running grants".formatted(file.alias, job.phase(), running));
    long lost = after.stream().filter(grant -> grant.state() == Attempt.State.LOST).count();
    boolean givenUp = lost < maxLost || job.done();
    history.require(
        givenUp && lost <= maxLost,
        Invariant.I11,
        () -> "%s goes on after %d lost attempts".formatted(file.alias, lost));
  }

  private void ended(JobFile file, Attempt before, Attempt after) {
    boolean open =
        before.state() == Attempt.State.RUNNING || before.state() == Attempt.State.SUSPENDED;
    history.require(
        open || before.state() == after.state(),
        I9,
        () ->
            "%s: a grant that had ended %s ended again %s"
                .formatted(file.alias, before.state(), after.state()));
  }

  private void numbered(JobFile file, Attempt next, @Nullable Attempt last) {
    boolean keeps =
        last != null
            && (last.state() == Attempt.State.RELEASED || last.state() == Attempt.State.SUSPENDED);
    int expected = last == null ? 1 : last.number() + (keeps ? 0 : 1);
    history.require(
        next.number() == expected && next.number() <= file.job.maxAttempts(),
        I9,
        () ->
            "%s: attempt %d of %d where %d was due"
                .formatted(file.alias, next.number(), file.job.maxAttempts(), expected));
  }

  /** The whole history of a job against the moves that were seen. */
  void events(JobFile file, List<JobEvent> events) {
    long last = 0;
    for (JobEvent event : events) {
      long previous = last;
      history.require(
          event.id() > previous,
          I8,
          () -> "%s: event %d after %d".formatted(file.alias, event.id(), previous));
      last = event.id();
    }
    List<Expected> told = events.stream().map(MoveRule::status).filter(Objects::nonNull).toList();
    history.require(
        told.equals(file.expected),
        I8,
        () -> "%s told %s where %s was due".formatted(file.alias, told, file.expected));
    history.require(
        !events.isEmpty() && events.getLast() instanceof JobEvent.Done,
        I8,
        () -> file.alias + " does not end with its end");
  }

  private static @Nullable Expected status(JobEvent event) {
    return switch (event) {
      case JobEvent.Status(var id, var at, var status, var reason, var attempt) ->
          new Expected(id, status.wire(), reason == null ? null : reason.wire(), attempt);
      case JobEvent.Done(var id, var at, var status, var output, var error) ->
          new Expected(id, status.wire(), null, -1);
      default -> null;
    };
  }
}
