package dev.coatcheck.simulation.world;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.simulation.world.Script.Calling;
import dev.coatcheck.simulation.world.Script.Ending;
import dev.coatcheck.simulation.world.Script.Step;
import java.time.Duration;

/** Does what a script says, in one attempt. */
final class Work {

  private static final Duration HANG = Duration.ofSeconds(40);

  private final World world;

  Work(World world) {
    this.world = world;
  }

  Verdict of(Script script, Desk desk) throws InterruptedException {
    world.witnesses().begins(desk.who(), desk.job(), desk.grant());
    try {
      return act(script, desk);
    } finally {
      world.witnesses().ends(desk.who(), desk.job());
    }
  }

  private Verdict act(Script script, Desk desk) throws InterruptedException {
    for (Step step : script.steps()) {
      step(script, step, desk);
    }
    return switch (script.ending()) {
      case Ending.Succeed succeed -> done(script, desk);
      case Ending.Fail(int times, boolean retryable, int after) ->
          desk.attempt() <= times
              ? new Verdict.Failed(after == 0 ? "no" : "after=" + after, retryable, after)
              : done(script, desk);
      case Ending.Busy(int times, Duration retryAfter) ->
          desk.grant() <= times ? new Verdict.Busy(retryAfter) : done(script, desk);
      case Ending.Suspend suspend ->
          desk.resume().isPresent() ? done(script, desk) : suspend(desk, suspend);
      case Ending.Hang hang -> {
        sleep(script, desk, HANG);
        yield done(script, desk);
      }
      case Ending.Poison poison -> {
        desk.crash();
        yield done(script, desk);
      }
    };
  }

  private static Verdict done(Script script, Desk desk) {
    return new Verdict.Done(script.name() + " by grant " + desk.grant(), script.filing());
  }

  private void step(Script script, Step step, Desk desk) throws InterruptedException {
    switch (step) {
      case Step.Sleep(Duration time) -> sleep(script, desk, time);
      case Step.Progress(double fraction) -> desk.progress(fraction);
      case Step.Output(int chunks) -> {
        for (int i = 0; i < chunks; i++) {
          desk.output("c" + i);
        }
      }
      case Step.Log log -> desk.log("line of " + script.name());
      case Step.Pay pay -> world.provider().pay(desk);
    }
  }

  private void sleep(Script script, Desk desk, Duration time) throws InterruptedException {
    try {
      desk.sleep(time);
    } catch (InterruptedException told) {
      if (!script.stubborn()) {
        throw told;
      }
      desk.sleep(time);
    }
  }

  private Verdict suspend(Desk desk, Ending.Suspend how) throws InterruptedException {
    CallbackToken token = desk.callback();
    if (how.calling() != Calling.NEVER) {
      world.provider().callsBack(token, how.calling());
    }
    return new Verdict.Suspend(
        new Suspension(how.timeout(), Payload.utf8("state"), how.onTimeout(), Usage.NONE));
  }
}
