package dev.coatcheck.chaos;

import dev.coatcheck.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A server on some disk, one client, and what they wrote down. */
final class Trial implements AutoCloseable {

  private final Path logs;
  private final Witness client;
  private final Witness nemesis;
  private final Witness store;
  private final ServerProcess.Plan plan;
  private ServerProcess server;
  private Till till;

  private Trial(Path logs, ServerProcess.Plan plan, ServerProcess server) {
    this.logs = logs;
    this.plan = plan.onPort(server.port());
    this.server = server;
    client = Witness.open(logs, Evidence.CLIENT);
    nemesis = Witness.open(logs, Evidence.NEMESIS);
    store = Witness.open(logs, Evidence.STORE);
    till = new Till(api(), client);
  }

  static Trial start(Path logs, ServerProcess.Plan plan) throws Exception {
    return new Trial(logs, plan, ServerProcess.start(plan));
  }

  Api api() {
    return new Api(server.url(), Duration.ofSeconds(20));
  }

  Till till() {
    return till;
  }

  ServerProcess server() {
    return server;
  }

  void say(String what) {
    nemesis.say(what, line -> {});
  }

  /** Kills the server and starts it again without anything before the program. */
  void restart() throws Exception {
    server.kill();
    say("mended");
    server = ServerProcess.start(plan.under());
  }

  /** Asks again for what was refused, waits until all is quiet, and checks every promise. */
  List<Violation> judge() throws Exception {
    till.ask();
    Dump dump = new Dump(api(), store);
    dump.quiet(Duration.ofMinutes(1));
    dump.write();
    return Checker.check(History.read(logs));
  }

  @Override
  public void close() {
    server.close();
    client.close();
    nemesis.close();
    store.close();
  }
}
