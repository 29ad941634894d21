package dev.coatcheck.simulation.world;

import dev.coatcheck.lease.Suspension.OnTimeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of one submission: how it is made, and what its handler does. The payload of
 * the job names the script, so that whoever works on it knows what to do.
 *
 * @param stubborn the handler goes on when it is told to stop
 * @param filing a runner elsewhere makes a file
 */
record Script(
    int number,
    Options options,
    List<Step> steps,
    Ending ending,
    boolean stubborn,
    boolean filing) {

  /** How a job is handed in. */
  record Options(
      int tenant,
      String worker,
      boolean keyed,
      @Nullable String uniqueKey,
      int priority,
      @Nullable Duration delay,
      @Nullable Duration queueTimeout,
      @Nullable Duration deadline) {}

  /** One thing that a handler does. */
  sealed interface Step {
    record Sleep(Duration time) implements Step {}

    record Progress(double fraction) implements Step {}

    record Output(int chunks) implements Step {}

    record Log() implements Step {}

    record Pay() implements Step {}
  }

  /** How its attempts end. */
  sealed interface Ending {
    record Succeed() implements Ending {}

    /** The first attempts fail, this many. */
    record Fail(int times, boolean retryable, int afterMillis) implements Ending {}

    /** The first grants find their provider busy. */
    record Busy(int times, Duration retryAfter) implements Ending {}

    record Suspend(Duration timeout, OnTimeout onTimeout, Calling calling) implements Ending {}

    /** Runs until it is stopped. */
    record Hang() implements Ending {}

    /** Takes its process with it, every time. */
    record Poison() implements Ending {}
  }

  /** When the provider calls back. */
  enum Calling {
    EARLY,
    LATE,
    TWICE,
    NEVER
  }

  String name() {
    return "s" + number;
  }

  static Script of(Plan plan, int number, boolean runners) {
    SplittableRandom dice = plan.dice("script " + number);
    boolean stubborn = dice.nextInt(6) == 0;
    return new Script(
        number, options(dice, runners), steps(dice), ending(dice), stubborn, dice.nextInt(3) == 0);
  }

  private static Options options(SplittableRandom dice, boolean runners) {
    String[] workers =
        runners
            ? new String[] {Contracts.LOCAL, Contracts.PULL, Contracts.PULL, Contracts.COMPUTE}
            : new String[] {Contracts.LOCAL, Contracts.LOCAL, Contracts.COMPUTE};
    return new Options(
        dice.nextInt(Contracts.TENANTS.size()),
        workers[dice.nextInt(workers.length)],
        dice.nextInt(4) != 0,
        dice.nextInt(5) == 0 ? "u" + dice.nextInt(2) : null,
        dice.nextInt(3) == 0 ? dice.nextInt(10) : 0,
        dice.nextInt(5) == 0 ? millis(dice, 100, 8_000) : null,
        dice.nextInt(6) == 0 ? millis(dice, 500, 8_000) : null,
        dice.nextInt(6) == 0 ? millis(dice, 2_000, 15_000) : null);
  }

  private static List<Step> steps(SplittableRandom dice) {
    List<Step> steps = new ArrayList<>();
    int count = 1 + dice.nextInt(5);
    for (int i = 0; i < count; i++) {
      steps.add(
          switch (dice.nextInt(8)) {
            case 0 -> new Step.Progress(dice.nextDouble());
            case 1 -> new Step.Output(1 + dice.nextInt(5));
            case 2 -> new Step.Log();
            case 3 -> new Step.Pay();
            case 4 -> new Step.Sleep(millis(dice, 1_000, 6_000));
            default -> new Step.Sleep(millis(dice, 1, 600));
          });
    }
    return steps;
  }

  private static Ending ending(SplittableRandom dice) {
    return switch (dice.nextInt(16)) {
      case 0, 1, 2 -> new Ending.Fail(1 + dice.nextInt(4), true, dice.nextInt(3) == 0 ? 700 : 0);
      case 3 -> new Ending.Fail(9, false, 0);
      case 4 -> new Ending.Busy(1 + dice.nextInt(3), millis(dice, 50, 2_000));
      case 5, 6, 7 ->
          new Ending.Suspend(
              millis(dice, 1_000, 9_000),
              dice.nextBoolean() ? OnTimeout.FAIL : OnTimeout.RESUME,
              Calling.values()[dice.nextInt(4)]);
      case 8 -> new Ending.Hang();
      case 9 -> dice.nextInt(2) == 0 ? new Ending.Poison() : new Ending.Succeed();
      default -> new Ending.Succeed();
    };
  }

  static Duration millis(SplittableRandom dice, int least, int most) {
    return Duration.ofMillis(least + (long) dice.nextInt(most - least));
  }
}
