package dev.coatcheck.simulation.world;

import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.schedule.CatchUp;
import dev.coatcheck.schedule.Overlap;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.schedule.Timing;
import dev.coatcheck.simulation.machine.SimMachine;
import dev.coatcheck.simulation.world.Wire.Reply;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Has some work done again and again while it storms, and changes its mind about it. */
final class Operator {

  /** Numbers of scripts that no client has. */
  private static final int SCRIPTS = 1_000;

  private final World world;
  private final Plan plan;
  private final SimMachine machine;
  private final SplittableRandom dice;
  private final List<Schedule> schedules = new ArrayList<>();
  private boolean stopping;
  private boolean done;

  Operator(World world, Plan plan, SimMachine machine) {
    this.world = world;
    this.plan = plan;
    this.machine = machine;
    this.dice = plan.dice("operator");
  }

  /** It storms no more: ends all schedules before long. */
  void stop() {
    stopping = true;
  }

  /** Whether all have ended. */
  boolean done() {
    return done;
  }

  /** Defines schedules and ends them; to be run as a task of its own. */
  void run(boolean runners) {
    int count = 1 + dice.nextInt(2);
    for (int i = 0; i < count; i++) {
      schedules.add(schedule("t" + i, plainScript(runners)));
    }
    try {
      for (Schedule schedule : schedules) {
        define(schedule);
      }
      while (!stopping) {
        machine.sleep(Duration.ofMillis(1 + dice.nextInt(12_000)));
        Schedule changed = schedules.get(dice.nextInt(schedules.size()));
        define(changed.paused(true));
        define(changed);
      }
      // Until no request that was doubled is on its way.
      machine.sleep(Duration.ofSeconds(6));
      for (Schedule schedule : schedules) {
        until(engine -> engine.schedules().remove(schedule.tenant(), schedule.name()));
      }
      done = true;
    } catch (InterruptedException never) {
      throw new IllegalStateException(never);
    }
  }

  private void define(Schedule schedule) throws InterruptedException {
    until(engine -> engine.schedules().define(schedule));
  }

  private <T> void until(Wire.Request<T> request) throws InterruptedException {
    while (!(world.wire().call(machine, world.anyNode(dice), Wire.Call.of(request))
        instanceof Reply.Answer)) {
      machine.sleep(Duration.ofMillis(100 + dice.nextInt(1_000)));
    }
  }

  private Script plainScript(boolean runners) {
    int number = SCRIPTS + dice.nextInt(SCRIPTS);
    Script script = Script.of(plan, number, runners);
    while (!(script.ending() instanceof Script.Ending.Succeed)) {
      number++;
      script = Script.of(plan, number, runners);
    }
    return script;
  }

  private Schedule schedule(String name, Script script) {
    TenantId tenant = Contracts.TENANTS.get(script.options().tenant());
    CatchUp[] ways = CatchUp.values();
    return new Schedule(
        name,
        Submission.of(tenant, script.options().worker(), Payload.utf8(script.name())),
        new Timing.Every(Duration.ofMillis(1_000 + dice.nextInt(4_000)), ZoneOffset.UTC),
        ways[dice.nextInt(ways.length)],
        dice.nextBoolean() ? Overlap.ALLOW : Overlap.SKIP,
        false);
  }
}
