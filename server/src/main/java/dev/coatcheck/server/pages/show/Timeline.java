package dev.coatcheck.server.pages.show;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a job did from its submission on, without gaps. */
public final class Timeline {

  private static final String CALLBACK = "Waiting for a callback";

  /** No step is drawn narrower than this share of the whole. */
  private static final double LEAST = 0.8;

  private final Instant now;
  private final List<Step> steps = new ArrayList<>();
  private Instant reached;

  /** Whether the last attempt ended in waiting for a callback. */
  private boolean suspended;

  private Timeline(Instant start, Instant now) {
    this.reached = start;
    this.now = now;
  }

  /**
   * One stretch of time.
   *
   * @param kind class of its look: {@code waiting}, {@code queued}, or how an attempt stands
   * @param to null while it goes on
   */
  public record Step(String label, String kind, Instant from, @Nullable Instant to) {

    public Duration length(Instant now) {
      return Duration.between(from, to == null ? now : to);
    }
  }

  /** A step as drawn: where it begins and how wide it is, in percent. */
  public record Bar(Step step, String x, String width) {}

  public static List<Step> of(Job job, List<Attempt> attempts, Instant now) {
    Timeline timeline = new Timeline(job.createdAt(), now);
    Instant runAt = job.times().runAt();
    if (runAt != null && runAt.isAfter(timeline.reached)) {
      Instant first = attempts.isEmpty() ? null : attempts.getFirst().startedAt();
      timeline.waiting("Scheduled", runAt, first == null ? job.times().finishedAt() : first);
    }
    attempts.forEach(timeline::attempt);
    timeline.ending(job);
    return timeline.steps;
  }

  private void attempt(Attempt attempt) {
    queued(attempt.startedAt());
    Instant start = later(attempt.startedAt(), reached);
    Instant end = attempt.finishedAt();
    String state = attempt.state().wire();
    steps.add(new Step("Attempt " + attempt.number(), state, start, end));
    reached = later(end == null ? now : end, start);
    suspended = attempt.state() == Attempt.State.SUSPENDED;
    Instant next = attempt.nextAttemptAt();
    if (next != null && attempt.waitReason() != null) {
      String reason = Figures.words(attempt.waitReason().wire());
      String label = reason.substring(0, 1).toUpperCase(Locale.ROOT) + reason.substring(1);
      waiting(label, next, null);
    }
  }

  /** A wait until a time, which the present, or an end before it, cuts short. */
  private void waiting(String label, Instant until, @Nullable Instant end) {
    Instant to = end != null && end.isBefore(until) ? end : until;
    boolean goesOn = to.isAfter(now);
    if (to.isAfter(reached)) {
      steps.add(new Step(label, "waiting", reached, goesOn ? null : to));
      reached = goesOn ? now : to;
    }
  }

  private void queued(Instant until) {
    if (until.isAfter(reached)) {
      steps.add(
          suspended
              ? new Step(CALLBACK, "waiting", reached, until)
              : new Step("Queued", "queued", reached, until));
      reached = until;
    }
  }

  private void ending(Job job) {
    Instant finished = job.times().finishedAt();
    if (finished != null) {
      if (!steps.isEmpty() && steps.getLast().kind().equals("waiting")) {
        Step last = steps.removeLast();
        Instant to = last.to() == null || last.to().isAfter(finished) ? finished : last.to();
        steps.add(new Step(last.label(), last.kind(), last.from(), to));
        reached = to;
      }
      queued(finished);
    } else if (job.phase() == Phase.READY || (job.phase() == Phase.WAITING && steps.isEmpty())) {
      steps.add(new Step("Queued", "queued", reached, null));
    } else if (job.phase() == Phase.SUSPENDED) {
      steps.add(new Step(CALLBACK, "waiting", reached, null));
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** The steps as bars that fill the whole width. */
  public static List<Bar> bars(List<Step> steps, Instant now) {
    double total = 0;
    for (Step step : steps) {
      total += Math.max(1, step.length(now).toMillis());
    }
    double scale = 0;
    for (Step step : steps) {
      scale += share(step, now, total);
    }
    List<Bar> bars = new ArrayList<>();
    double x = 0;
    for (Step step : steps) {
      double width = share(step, now, total) * 100 / scale;
      bars.add(new Bar(step, percent(x), percent(width)));
      x += width;
    }
    return bars;
  }

  private static double share(Step step, Instant now, double total) {
    return Math.max(LEAST, Math.max(1, step.length(now).toMillis()) * 100 / total);
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.2f%%", value);
  }
}
