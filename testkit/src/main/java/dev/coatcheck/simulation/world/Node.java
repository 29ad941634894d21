package dev.coatcheck.simulation.world;

import dev.coatcheck.Engine;
import dev.coatcheck.EngineConfig;
import dev.coatcheck.handler.Reply;
import dev.coatcheck.handler.WorkContext;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.operate.Drafter;
import dev.coatcheck.schedule.Timetable;
import dev.coatcheck.simulation.machine.Realm;
import dev.coatcheck.simulation.machine.SimMachine;
import dev.coatcheck.simulation.store.SimSignals;
import dev.coatcheck.simulation.store.SimStore;
import dev.coatcheck.simulation.store.Trouble;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One server process at a time under one name: starts, dies, starts again on the same jobs. */
final class Node {

  static final int CORES = 2;
  private static final int OUTPUT_MAX = 10_000;

  private final World world;
  private final int index;
  private final RandomGenerator dice;
  private final Database.Place place;
  private int life;
  private @Nullable SimMachine machine;
  private @Nullable Trouble trouble;
  private @Nullable Store below;
  private @Nullable Engine engine;
  private boolean down = true;

  Node(World world, int index, Database.Place place, RandomGenerator dice) {
    this.world = world;
    this.index = index;
    this.place = place;
    this.dice = dice;
  }

  String name() {
    return "n" + index + "." + life;
  }

  SimMachine machine() {
    return Objects.requireNonNull(machine);
  }

  Engine engine() {
    return Objects.requireNonNull(engine);
  }

  /** Whether it answers. */
  boolean up() {
    return engine != null && machine != null && machine.realm().alive();
  }

  /** Whether no process of it exists. */
  boolean down() {
    return down;
  }

  Trouble trouble() {
    return Objects.requireNonNull(trouble);
  }

  /** Starts a process; it answers a moment later. */
  void start() {
    if (!down) {
      return;
    }
    down = false;
    Store opened = place.open();
    life++;
    if (life > 1) {
      world.witness().extended(name(), world.storeNow().plus(Contracts.LEASE));
    }
    Realm realm = new Realm(name());
    SimMachine fresh = new SimMachine(world.scheduler(), realm, world.dice(dice));
    Trouble way = new Trouble(world.scheduler(), world.faults());
    machine = fresh;
    trouble = way;
    Store saboteur = world.sabotage(opened, fresh);
    below = saboteur;
    world.witness().opened(name());
    fresh.fork("boot", () -> boot(saboteur, fresh, way));
  }

  private void boot(Store saboteur, SimMachine fresh, Trouble way) {
    SimSignals signals =
        new SimSignals(saboteur.signals(), fresh, world.scheduler(), world.faults());
    SimStore store = new SimStore(name(), saboteur, way, world.witness(), signals);
    EngineConfig config =
        new EngineConfig(
            fresh,
            CORES,
            OUTPUT_MAX,
            world.blobs(),
            Duration.ofDays(7),
            Contracts.LEASE,
            Timetable.ofPeriods());
    Engine started = Engine.start(store, config);
    for (WorkerSpec spec : world.contracts().values()) {
      boolean told = false;
      while (!told) {
        told = serve(started, spec);
      }
    }
    if (world.has(Trait.MANY_JOBS)) {
      started.operate(Drafter::asItWas, result -> {});
    }
    way.started();
    engine = started;
    world.history().tell(name(), "serves");
  }

  private boolean serve(Engine started, WorkerSpec spec) {
    try {
      if (spec.kind().equals("pull")) {
        started.define(spec, "config");
      } else {
        started.serve(spec, this::handle);
      }
      return true;
    } catch (StoreUnavailableException again) {
      world.scheduler().pause(Duration.ofMillis(100));
      return false;
    } catch (InterruptedException never) {
      throw new IllegalStateException(never);
    }
  }

  private Reply handle(WorkContext context, Payload input)
      throws InterruptedException, WorkFailure {
    Verdict verdict = world.work().of(world.script(input), new LocalDesk(name(), this, context));
    return switch (verdict) {
      case Verdict.Done(String output, boolean filing) -> Reply.completed(Payload.utf8(output));
      case Verdict.Busy(Duration after) -> new Reply.Busy(after, "busy");
      case Verdict.Suspend(var suspension) -> new Reply.Suspended(suspension);
      case Verdict.Failed(String message, boolean retryable, int after) ->
          throw new WorkFailure(
              ErrorCode.UPSTREAM_ERROR,
              message,
              retryable,
              after == 0 ? null : Duration.ofMillis(after),
              null,
              Usage.NONE);
    };
  }

  /** Its process ends without a word. The store learns of that a moment later. */
  void kill() {
    if (machine == null || !machine.realm().alive()) {
      return;
    }
    world.history().tell(name(), "killed");
    engine = null;
    Realm dead = machine.realm();
    Store left = Objects.requireNonNull(below);
    String name = name();
    int ended = life;
    world.machine().fork("reaper", () -> bury(left, name, ended));
    world.scheduler().kill(dead);
  }

  private void bury(Store left, String name, int ended) {
    world.scheduler().pause(Duration.ofMillis(dice.nextInt(2_000)));
    left.close();
    world.witness().closed(name);
    down = down || life == ended;
  }

  /** A handler of it takes it down; somebody starts it again. */
  void crash() {
    world
        .machine()
        .fork(
            "supervisor",
            () -> {
              world.scheduler().pause(Duration.ofMillis(500 + dice.nextInt(2_000)));
              startAgain();
            });
    kill();
    world.scheduler().alive();
  }

  /** Starts it as soon as the former process is known to be gone. */
  void startAgain() {
    while (!down && !up()) {
      world.scheduler().pause(Duration.ofMillis(100));
    }
    start();
  }

  /** Stops as on a signal of the operator, then starts again. */
  void restart(Duration grace) {
    Engine stopping = engine;
    if (stopping == null || machine == null) {
      return;
    }
    engine = null;
    world.history().tell(name(), "stops");
    SimMachine old = machine;
    old.fork(
        "stop",
        () -> {
          try {
            stopping.stop(grace);
          } catch (InterruptedException never) {
            throw new IllegalStateException(never);
          }
          world
              .machine()
              .fork(
                  "supervisor",
                  () -> {
                    world.scheduler().kill(old.realm());
                    down = true;
                    start();
                  });
        });
  }
}
