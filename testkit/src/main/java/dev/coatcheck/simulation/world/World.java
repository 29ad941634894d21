package dev.coatcheck.simulation.world;

import dev.coatcheck.job.Payload;
import dev.coatcheck.simulation.check.History;
import dev.coatcheck.simulation.check.Invariant;
import dev.coatcheck.simulation.check.RecoveryRule;
import dev.coatcheck.simulation.check.StoreWitness;
import dev.coatcheck.simulation.check.Witnesses;
import dev.coatcheck.simulation.faults.Faults;
import dev.coatcheck.simulation.machine.Realm;
import dev.coatcheck.simulation.machine.Scheduler;
import dev.coatcheck.simulation.machine.SimMachine;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.Store;
import dev.coatcheck.testkit.InMemoryBlobs;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Everything in one simulated world, and the course of its life: storm, calm, judgement. */
public final class World {

  private static final Duration CALM_MAX = Duration.ofMinutes(10);
  private static final Pattern NOT_DIGITS = Pattern.compile("\\D");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Plan plan;
  private final Size size;
  private final Scheduler scheduler;
  private final History history;
  private final Faults faults;
  private final Sabotage sabotage;
  private final Map<String, WorkerSpec> contracts;
  private final StoreWitness witness;
  private final Witnesses witnesses;
  private final SimMachine machine;
  private final List<Node> nodes = new ArrayList<>();
  private final Wire wire;
  private final Work work;
  private final Provider provider;
  private final InMemoryBlobs blobs;
  private final Runners runners;
  private final Pauses pauses;
  private int clientsLeft;

  World(Plan plan, Scheduler scheduler, History history, Sabotage sabotage, Database.Maker maker) {
    this.plan = plan;
    this.size = Size.of(plan);
    this.scheduler = scheduler;
    this.history = history;
    this.sabotage = sabotage;
    this.faults = new Faults(plan.seedOf("faults"), plan.without());
    this.contracts = Contracts.of(plan);
    this.machine = new SimMachine(scheduler, new Realm("world"), plan.dice("world"));
    Database database = maker.make(storeClock(), plan.dice("store"), Contracts.LEASE);
    StoreWitness.World known =
        new StoreWitness.World(Contracts.TENANTS, contracts, database.extendsBesideOthers());
    this.witness = new StoreWitness(history, storeClock(), sabotage.sees(database.reader()), known);
    sabotage.tells(witness::changed);
    this.witnesses = new Witnesses(history, witness);
    database.signals().listen(new Observer(witness));
    this.blobs = new InMemoryBlobs(storeClock());
    this.wire = new Wire(this);
    this.work = new Work(this);
    this.provider =
        new Provider(
            this,
            new SimMachine(scheduler, new Realm("provider"), plan.dice("provider")),
            plan.dice("provider's dice"));
    this.runners = new Runners(this, plan.dice("runners"));
    this.pauses = new Pauses(this, plan.dice("pauses"));
    for (int i = 0; i < size.nodes(); i++) {
      nodes.add(new Node(this, i, database.place(), plan.dice("node " + i)));
    }
  }

  /** Lives from the first start to the judgement; to be run as a task of {@link #machine}. */
  void live() {
    nodes.forEach(Node::start);
    while (!nodes.stream().allMatch(Node::up)) {
      scheduler.pause(Duration.ofMillis(10));
    }
    faults.storm(true);
    runners.start(size.runners());
    Optional<Operator> operator =
        plan.has(Trait.SCHEDULES) ? Optional.of(operator()) : Optional.empty();
    submit();
    if (has(Trait.MANY_JOBS)) {
      machine.fork("bulk", new ManyJobs(this, plan.dice("many jobs"))::run);
    }
    machine.fork("nemesis", new Nemesis(this, plan.dice("nemesis"))::run);
    scheduler.pause(size.storm());
    faults.storm(false);
    history.tell("world", "calm");
    operator.ifPresent(Operator::stop);
    heal();
    while (operator.isPresent() && !operator.get().done()) {
      scheduler.pause(Duration.ofMillis(200));
    }
    calm();
  }

  private Operator operator() {
    SimMachine process = new SimMachine(scheduler, new Realm("operator"), plan.dice("operated"));
    Operator operator = new Operator(this, plan, process);
    process.fork("operator", () -> operator.run(size.runners() > 0));
    return operator;
  }

  private void submit() {
    List<SimMachine> processes = new ArrayList<>();
    for (int i = 0; i < size.clients(); i++) {
      String name = "c" + i;
      processes.add(new SimMachine(scheduler, new Realm(name), plan.dice(name)));
    }
    for (int i = 0; i < size.submissions(); i++) {
      if (!plan.dropped().contains(i)) {
        SimMachine process = processes.get(i % processes.size());
        Script script = Script.of(plan, i, size.runners() > 0);
        Client client =
            new Client(this, process.realm().name(), process, script, plan.dice("client " + i));
        clientsLeft++;
        process.fork(
            "client",
            () -> {
              client.run();
              clientsLeft--;
            });
      }
    }
  }

  /** Everything that was harmed works again a while after the storm. */
  private void heal() {
    scheduler.pause(Duration.ofSeconds(9));
    for (Node node : nodes) {
      while (!node.up()) {
        scheduler.pause(Duration.ofMillis(200));
      }
    }
    while (!pauses.none()) {
      scheduler.pause(Duration.ofMillis(200));
    }
    pauses.end();
  }

  private void calm() {
    RecoveryRule recovery = new RecoveryRule(history, witness, this::hasPlace);
    long until = scheduler.nanos() + CALM_MAX.toNanos();
    while (scheduler.nanos() < until && (clientsLeft > 0 || !recovery.open().isEmpty())) {
      recovery.look();
      scheduler.pause(SECOND);
    }
    recovery.close();
    history.require(
        clientsLeft == 0, Invariant.I10, () -> clientsLeft + " clients never got their answer");
    witnesses.close();
  }

  /** Whether a node could start another attempt of the worker, or a runner lease one. */
  private boolean hasPlace(String worker) {
    int concurrency = witness.contract(worker).concurrency();
    if (witness.running(worker) >= concurrency) {
      return false;
    }
    if (worker.equals(Contracts.PULL)) {
      return size.runners() > 0;
    }
    return nodes.stream()
        .anyMatch(node ->
            node.up()
                && witnesses.executing(node.name(), worker) < concurrency
                && (!worker.equals(Contracts.COMPUTE)
                    || witnesses.executing(node.name(), worker) < Node.CORES));
  }

  /** Dice that follow from other dice. */
  RandomGenerator dice(RandomGenerator from) {
    return new SplittableRandom(from.nextLong());
  }

  Node anyNode(RandomGenerator chance) {
    return nodes.get(chance.nextInt(nodes.size()));
  }

  Script script(Payload input) {
    String name = input.text();
    int number = Integer.parseInt(NOT_DIGITS.matcher(name).replaceAll(""));
    return Script.of(plan, number, size.runners() > 0);
  }

  boolean has(Trait trait) {
    return plan.has(trait);
  }

  Store sabotage(Store honest, SimMachine node) {
    return sabotage.of(honest, node);
  }

  private InstantSource storeClock() {
    return () -> SimMachine.BEGINNING.plusNanos(scheduler.nanos());
  }

  Instant storeNow() {
    return storeClock().instant();
  }

  Duration storm() {
    return size.storm();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  History history() {
    return history;
  }

  Faults faults() {
    return faults;
  }

  Map<String, WorkerSpec> contracts() {
    return contracts;
  }

  StoreWitness witness() {
    return witness;
  }

  Witnesses witnesses() {
    return witnesses;
  }

  SimMachine machine() {
    return machine;
  }

  InMemoryBlobs blobs() {
    return blobs;
  }

  Wire wire() {
    return wire;
  }

  Work work() {
    return work;
  }

  Provider provider() {
    return provider;
  }

  Runners runners() {
    return runners;
  }

  Pauses pauses() {
    return pauses;
  }

  /** Tells the witness which jobs changed. */
  private record Observer(StoreWitness witness) implements Signals.Listener {

    @Override
    public void work(String worker) {}

    @Override
    public void changed(dev.coatcheck.job.JobId job, dev.coatcheck.job.Phase phase) {
      witness.changed(job);
    }

    @Override
    public void due(Instant at) {}
  }
}
