package dev.coatcheck.client.runner;

import dev.coatcheck.client.http.Link;
import dev.coatcheck.client.work.StopReason;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Works for pull workers of a server:
 *
 * <pre>{@code
 * Runner.connect("http://127.0.0.1:8080", key)
 *     .handle("enrich", Company.class, Profile.class, (context, company) -> profile(company))
 *     .concurrency(20)
 *     .run();
 * }</pre>
 *
 * <p>It asks for as many jobs as it has free slots, keeps their leases alive, tells handlers to
 * stop when the server says so or when it has not answered for a whole lease, and repeats what it
 * has to tell until it is answered. A handler's thread is interrupted to stop it.
 */
public final class Runner implements AutoCloseable {

  private static final Duration LAST_WORD = Duration.ofSeconds(3);

  private final Recipe recipe;
  private final Held held = new Held();
  private final Heart heart;
  private final Courier courier;
  private final Execution execution;
  private final LeaseLoop leases;
  private final Thread heartThread;
  private final Thread leaseThread;
  private final Thread courierThread;
  private final AtomicBoolean closing = new AtomicBoolean();

  private Runner(Recipe recipe) {
    this.recipe = recipe;
    Protocol protocol = new Protocol(recipe.link());
    Slots slots = new Slots(recipe.concurrency());
    this.heart = new Heart(protocol, held);
    this.courier = new Courier(protocol);
    this.execution = new Execution(recipe, protocol, courier, heart, held, slots);
    this.leases = new LeaseLoop(recipe, protocol, slots, heart, execution);
    this.heartThread = Threads.daemon("coatcheck-heart", heart);
    this.leaseThread = Threads.daemon("coatcheck-lease", leases);
    this.courierThread = Threads.daemon("coatcheck-courier", courier);
  }

  /** A runner for an open server. */
  public static RunnerBuilder connect(String url) {
    return connect(url, null);
  }

  /**
   * A runner with an API key. Nothing is sent yet.
   *
   * @param key null or blank for an open server
   */
  public static RunnerBuilder connect(String url, @Nullable String key) {
    return new RunnerBuilder(Link.to(url, key));
  }

  static Runner start(Recipe recipe) {
    Runner runner = new Runner(recipe);
    runner.heartThread.start();
    runner.courierThread.start();
    runner.leaseThread.start();
    return runner;
  }

  /**
   * Stops in good order: takes no more work, lets handlers finish within the grace, tells the
   * others to stop and hands their jobs back. Returns when all that is over.
   */
  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      try {
        drain();
      } catch (InterruptedException hurry) {
        Thread.currentThread().interrupt();
      } finally {
        heart.close();
        courier.close();
        if (recipe.ownExecutor()) {
          recipe.executor().shutdown();
        }
      }
    }
  }

  private void drain() throws InterruptedException {
    long end = System.nanoTime() + recipe.grace().toNanos();
    leases.close();
    leaseThread.join(Math.max(1, recipe.grace().toMillis()));
    leaseThread.interrupt();
    leaseThread.join(LAST_WORD.toMillis());
    if (held.awaitNone(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
      return;
    }
    held.all().forEach(attempt -> attempt.stop(StopReason.SHUTDOWN));
    if (!held.awaitNone(LAST_WORD)) {
      for (Attempt deaf : held.all()) {
        execution.settlement().release(deaf, LAST_WORD);
        held.remove(deaf);
      }
    }
  }
}
