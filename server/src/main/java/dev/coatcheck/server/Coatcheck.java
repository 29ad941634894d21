package dev.coatcheck.server;

import dev.coatcheck.Engine;
import dev.coatcheck.EngineConfig;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.schedule.Timetable;
import dev.coatcheck.server.config.ConfigException;
import dev.coatcheck.server.config.ServerConfig;
import dev.coatcheck.server.contract.WorkerContracts;
import dev.coatcheck.server.schedules.CronTimes;
import dev.coatcheck.server.secret.SecretKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole server: the store, the engine on it, the workers, and HTTP in front. */
public final class Coatcheck {

  private static final Logger log = LoggerFactory.getLogger(Coatcheck.class);
  private static final Duration FILES_KEPT = Duration.ofDays(7);

  private final ServerConfig config;
  private final Engine engine;
  private final Server server;
  private final WayOut wayOut;
  private final String durability;
  private volatile boolean broken;

  private Coatcheck(
      ServerConfig config, Engine engine, Server server, WayOut wayOut, String durability) {
    this.config = config;
    this.engine = engine;
    this.server = server;
    this.wayOut = wayOut;
    this.durability = durability;
  }

  /**
   * Starts a server; when this returns, requests are answered.
   *
   * @throws ConfigException if the configuration names a store that there is none of
   * @throws dev.coatcheck.store.StoreRefusedException if the store cannot be opened
   */
  public static Coatcheck start(ServerConfig config) throws InterruptedException {
    SecureRandom random = new SecureRandom();
    InstantSource clock = InstantSource.system();
    Storage storage = Storage.open(config, clock, random);
    Engine engine = engine(config, storage, new JvmMachine(clock, random));
    WayOut wayOut = WayOut.open(config);
    try {
      SecretKey secret = config.secretKey().map(SecretKey::of).orElseGet(storage.secret());
      BuiltinWorkers.serve(engine, config, wayOut.outbound());
      Server server =
          Server.start(
              config, engine, new WorkerContracts(engine.catalog()), secret, storage.backups());
      wayOut.listening(server.port());
      engine.reachable();
      return new Coatcheck(config, engine, server, wayOut, engine.durability().text());
    } catch (RuntimeException | InterruptedException failed) {
      engine.close();
      wayOut.close();
      throw failed;
    }
  }

  private static Engine engine(ServerConfig config, Storage storage, JvmMachine machine) {
    try {
      return Engine.start(
          storage.store(),
          EngineConfig.on(machine)
              .withLease(config.leaseDuration())
              .withTimetable(Timetable.with(new CronTimes()))
              .withOutputMax(config.outputMax())
              .withFiles(storage.blobs(), config.retention().orElse(FILES_KEPT)));
    } catch (RuntimeException failed) {
      storage.store().close();
      throw failed;
    }
  }

  public int port() {
    return server.port();
  }

  public String url() {
    return server.url();
  }

  /** What an acknowledged job survives, as the store was set up at the start, in one line. */
  public String durability() {
    return durability;
  }

  /**
   * Tells, once, that the store takes nothing more until a restart, and why; at once if that is so
   * already. Until it is stopped the server goes on to answer, with 503 to whatever is not a read.
   */
  public void onBroken(Consumer<String> listener) {
    engine.onBroken(cause -> {
      broken = true;
      listener.accept(String.valueOf(cause.getMessage()));
    });
  }

  /**
   * Stops: takes nothing more in, ends streams, lets requests and running jobs finish within the
   * grace, hands the rest back, closes the store. With a broken store there is no grace: no end of
   * a job could be recorded.
   */
  public void stop() {
    try {
      server.stop();
    } finally {
      stopEngine();
    }
  }

  private void stopEngine() {
    try {
      int handedBack = engine.stop(broken ? Duration.ZERO : config.grace());
      if (handedBack > 0) {
        log.info("{} running jobs were handed back to the queue", handedBack);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      wayOut.close();
    }
  }
}
