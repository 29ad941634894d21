package dev.coatcheck.simulation.world;

import dev.coatcheck.Engine;
import dev.coatcheck.simulation.check.Invariant;
import dev.coatcheck.simulation.faults.Fault;
import dev.coatcheck.simulation.faults.Faults;
import dev.coatcheck.simulation.machine.SimMachine;
import dev.coatcheck.simulation.machine.SimPromise;
import dev.coatcheck.store.StoreUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The way from a caller to a node and back: requests and replies are late, lost or doubled, and a
 * request may still arrive when its caller has given up.
 */
final class Wire {

  private static final int SLOW_MILLIS = 4_000;

  /** What a caller knows in the end. */
  sealed interface Reply<T> {
    record Answer<T>(T value) implements Reply<T> {}

    /** It certainly did not happen. */
    record Refused<T>() implements Reply<T> {}

    /** It may have happened. */
    record Unknown<T>() implements Reply<T> {}
  }

  /** What a node does for a caller, on a task of its own. */
  interface Request<T> {
    T on(Engine engine) throws InterruptedException;
  }

  /** A request, how long its answer is waited for, and what the node does if it cannot deliver. */
  record Call<T>(Request<T> request, Duration patience, Undelivered<T> undelivered) {
    static <T> Call<T> of(Request<T> request) {
      return new Call<>(request, Duration.ofSeconds(6), (engine, value) -> {});
    }
  }

  /** Told on the node that the caller will never see the answer. */
  interface Undelivered<T> {
    void on(Engine engine, T value) throws InterruptedException;
  }

  private final World world;
  private final Faults faults;

  Wire(World world) {
    this.world = world;
    this.faults = world.faults();
  }

  <T> Reply<T> call(SimMachine caller, Node node, Call<T> call) throws InterruptedException {
    if (!node.up()) {
      caller.sleep(Duration.ofMillis(5));
      return new Reply.Refused<>();
    }
    SimPromise<Reply<T>> promise = caller.promise();
    if (!faults.strikes(Fault.REQUEST_LOST)) {
      send(node, call, promise::keep);
      if (faults.strikes(Fault.REQUEST_TWICE)) {
        Node other = world.anyNode(faults.dice());
        send(other.up() ? other : node, call, ignored -> {});
      }
    }
    Optional<Reply<T>> reply = promise.await(call.patience());
    return reply.orElseGet(Reply.Unknown::new);
  }

  private <T> void send(Node node, Call<T> call, Consumer<Reply<T>> back) {
    node.machine()
        .fork(
            "request",
            () -> {
              try {
                travel();
                if (node.up()) {
                  serve(node, call, back);
                }
              } catch (InterruptedException never) {
                throw new IllegalStateException(never);
              }
            });
  }

  private <T> void serve(Node node, Call<T> call, Consumer<Reply<T>> back)
      throws InterruptedException {
    Engine engine = node.engine();
    T value;
    try {
      value = call.request().on(engine);
    } catch (StoreUnavailableException trouble) {
      travel();
      back.accept(new Reply.Unknown<>());
      return;
    } catch (RuntimeException defect) {
      world.history().broken(Invariant.SOUND, "a request failed with " + defect);
      return;
    }
    if (faults.strikes(Fault.REPLY_LOST)) {
      if (faults.dice().nextBoolean()) {
        notDelivered(engine, call, value);
      }
      return;
    }
    travel();
    back.accept(new Reply.Answer<>(value));
  }

  private static <T> void notDelivered(Engine engine, Call<T> call, T value)
      throws InterruptedException {
    try {
      call.undelivered().on(engine, value);
    } catch (StoreUnavailableException trouble) {
      // As good as not noticed.
    }
  }

  private void travel() throws InterruptedException {
    int millis = faults.strikes(Fault.WIRE_SLOW) ? SLOW_MILLIS : 3;
    world.scheduler().pause(Duration.ofMillis(faults.dice().nextInt(millis)));
  }
}
