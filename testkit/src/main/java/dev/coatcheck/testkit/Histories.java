package dev.coatcheck.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** What must hold of a job's events and grants at every moment. */
final class Histories {

  private Histories() {}

  static void check(Job job, List<JobEvent> events, List<Attempt> attempts, String where) {
    rise(events, where);
    moves(job, events, where);
    grants(job, events, attempts, where);
    failures(events, attempts, where);
    files(job, events, where);
  }

  private static void rise(List<JobEvent> events, String where) {
    for (int i = 1; i < events.size(); i++) {
      assertThat(events.get(i).id()).as(where).isGreaterThan(events.get(i - 1).id());
    }
  }

  /** Every value of the fence has one event that tells it. */
  private static void moves(Job job, List<JobEvent> events, String where) {
    List<Long> told =
        events.stream()
            .filter(event -> event instanceof JobEvent.Status || event instanceof JobEvent.Done)
            .map(JobEvent::id)
            .toList();
    assertThat(told)
        .as(where)
        .isEqualTo(LongStream.rangeClosed(1, job.fence()).mapToObj(EventId::ofStatus).toList());
    assertThat(events.getLast() instanceof JobEvent.Done).as(where).isEqualTo(job.done());
  }

  /** Every grant is told once, numbers go up one by one, and only the last one may run. */
  private static void grants(Job job, List<JobEvent> events, List<Attempt> attempts, String where) {
    List<Long> told =
        events.stream().filter(Histories::tellsGrant).map(e -> EventId.fence(e.id())).toList();
    assertThat(attempts.stream().map(Attempt::fence).toList()).as(where).isEqualTo(told);
    int number = 0;
    for (Attempt attempt : attempts) {
      assertThat(attempt.number() - number).as(where).isBetween(0, 1);
      number = attempt.number();
      boolean runs = attempt.state() == Attempt.State.RUNNING;
      assertThat(attempt.finishedAt() == null).as(where).isEqualTo(runs);
      assertThat(!runs || attempt.equals(attempts.getLast())).as(where).isTrue();
    }
    assertThat(number).as(where).isEqualTo(job.attempt());
    Attempt.State last = attempts.isEmpty() ? null : attempts.getLast().state();
    assertThat(last == Attempt.State.RUNNING).as(where).isEqualTo(job.phase() == Phase.RUNNING);
    assertThat(job.phase() != Phase.SUSPENDED || last == Attempt.State.SUSPENDED)
        .as(where)
        .isTrue();
  }

  private static boolean tellsGrant(JobEvent event) {
    return event instanceof JobEvent.Status status
        && status.status() == JobStatus.RUNNING
        && status.waitReason() == null;
  }

  /** Every failed grant has one event that tells its error, in its order. */
  private static void failures(List<JobEvent> events, List<Attempt> attempts, String where) {
    List<JobError> told = new ArrayList<>();
    for (JobEvent event : events) {
      if (event instanceof JobEvent.AttemptFailed failed) {
        told.add(failed.error());
        assertThat(failed.id()).as(where).isEqualTo(EventId.ofFailure(EventId.fence(failed.id())));
      }
    }
    List<JobError> kept = new ArrayList<>();
    for (Attempt attempt : attempts) {
      if (attempt.error() != null) {
        kept.add(attempt.error());
      }
    }
    assertThat(told).as(where).isEqualTo(kept);
  }

  private static void files(Job job, List<JobEvent> events, String where) {
    assertThat(
            events.stream()
                .filter(JobEvent.FileMade.class::isInstance)
                .map(event -> ((JobEvent.FileMade) event).file())
                .toList())
        .as(where)
        .isEqualTo(job.files());
  }

  /**
   * What a grant was once it had ended it stays, but for late usage and what a suspension led to.
   */
  static void grew(List<Attempt> before, List<Attempt> after, String where) {
    assertThat(after).as(where).hasSizeGreaterThanOrEqualTo(before.size());
    for (int i = 0; i < before.size(); i++) {
      Attempt then = before.get(i);
      Attempt now = after.get(i);
      assertThat(now.fence()).as(where).isEqualTo(then.fence());
      if (then.finishedAt() != null) {
        assertThat(now.finishedAt()).as(where).isEqualTo(then.finishedAt());
        assertThat(now.usage().equals(then.usage()) || now.late()).as(where).isTrue();
        assertThat(now.state() == then.state() || then.state() == Attempt.State.SUSPENDED)
            .as(where)
            .isTrue();
      }
    }
  }
}
