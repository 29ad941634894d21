package dev.coatcheck.simulation.world;

import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.lend.Loan;
import dev.coatcheck.lend.Order;
import dev.coatcheck.lend.Pulse;
import dev.coatcheck.runtime.Task;
import dev.coatcheck.simulation.machine.Realm;
import dev.coatcheck.simulation.machine.SimMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A process elsewhere that leases jobs, beats for those it holds, and tells what became of them.
 */
final class RemoteRunner {

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration BEAT = Contracts.LEASE.dividedBy(4);
  private static final int HOLDS_MAX = 3;

  private final World world;
  private final String name;
  private final SimMachine machine;
  private final RandomGenerator dice;
  private final Runnable crashed;
  private final Map<LeaseToken, Held> held = new LinkedHashMap<>();
  private @Nullable RunnerId id;

  /** A lease, who works under it, and whether its end has been told. */
  private static final class Held {
    @Nullable Task task;
    boolean stubborn;
  }

  /**
   * A runner that is not yet running.
   *
   * @param crashed called by a handler that takes the process down, before it does
   */
  RemoteRunner(World world, String name, RandomGenerator dice, Runnable crashed) {
    this.world = world;
    this.name = name;
    this.dice = dice;
    this.crashed = crashed;
    this.machine = new SimMachine(world.scheduler(), new Realm(name), world.dice(dice));
  }

  String name() {
    return name;
  }

  SimMachine machine() {
    return machine;
  }

  RandomGenerator dice() {
    return dice;
  }

  void start() {
    machine.fork("lease", () -> forever(this::lease));
    machine.fork("beat", () -> forever(this::beat));
  }

  private interface Round {
    void go() throws InterruptedException;
  }

  private static void forever(Round round) {
    try {
      while (true) {
        round.go();
      }
    } catch (InterruptedException never) {
      throw new IllegalStateException(never);
    }
  }

  <T> Wire.Reply<T> call(Wire.Request<T> request) throws InterruptedException {
    return world.wire().call(machine, world.anyNode(dice), Wire.Call.of(request));
  }

  private void lease() throws InterruptedException {
    int free = HOLDS_MAX - held.size();
    if (free <= 0) {
      machine.sleep(Duration.ofMillis(300));
      return;
    }
    Order order = new Order(id, name, "1", List.of(Contracts.PULL), free, PATIENCE, () -> false);
    Wire.Call<Loan> call =
        new Wire.Call<>(
            engine -> engine.lender().lend(order),
            PATIENCE.plusSeconds(3),
            (engine, loan) -> engine.lender().undelivered(loan.grants()));
    Wire.Reply<Loan> reply = world.wire().call(machine, world.anyNode(dice), call);
    if (reply instanceof Wire.Reply.Answer(Loan loan)) {
      id = loan.runner();
      loan.grants().forEach(this::begin);
    } else {
      machine.sleep(Duration.ofMillis(200 + dice.nextInt(800)));
    }
  }

  private void begin(Grant grant) {
    Held entry = new Held();
    held.put(grant.token(), entry);
    entry.stubborn = world.script(grant.input()).stubborn();
    entry.task = machine.fork("work", () -> work(grant));
  }

  private void beat() throws InterruptedException {
    machine.sleep(BEAT);
    RunnerId me = id;
    if (held.isEmpty() || me == null) {
      return;
    }
    List<Pulse> pulses = new ArrayList<>();
    held.keySet().forEach(token -> pulses.add(new Pulse(token, null, null)));
    Wire.Reply<List<dev.coatcheck.lend.Verdict>> reply =
        call(engine -> engine.lender().heartbeat(me, pulses));
    if (reply instanceof Wire.Reply.Answer(var verdicts)) {
      verdicts.forEach(this::heed);
    }
  }

  private void heed(dev.coatcheck.lend.Verdict verdict) {
    if (verdict instanceof dev.coatcheck.lend.Verdict.Stop(LeaseToken lease, var reason)) {
      Held entry = held.remove(lease);
      if (entry != null && entry.task != null && !entry.stubborn) {
        entry.task.interrupt();
      }
    }
  }

  private void work(Grant grant) {
    RemoteDesk desk = new RemoteDesk(this, world, grant);
    try {
      Verdict verdict = world.work().of(world.script(grant.input()), desk);
      if (!desk.end(verdict)) {
        inVain(desk);
      }
    } catch (InterruptedException told) {
      world.history().tell(name, "stops " + world.witness().alias(grant.token().job()));
      inVain(desk);
    } finally {
      held.remove(grant.token());
    }
  }

  private void inVain(RemoteDesk desk) {
    if (world.has(Trait.LATE_USAGE)) {
      try {
        desk.usedInVain();
      } catch (InterruptedException nobodyAnswers) {
        world.history().tell(name, "could not tell what it used");
      }
    }
  }

  /** A handler takes this process down. */
  void crash() {
    crashed.run();
    world.history().tell(name, "crashes");
    world.scheduler().kill(machine.realm());
    world.scheduler().alive();
  }
}
