package dev.coatcheck.cli.host;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for the signals that ask a process to end, or for a server that can go on no longer. The
 * first lets {@link #await} return; a second signal ends the process where it stands.
 *
 * <p>The JDK has no supported interface for this, and a shutdown hook would end with 143 and never
 * see a second signal. {@code sun.misc.Signal} is reached by name, because the compiler does not
 * let it be used without a warning.
 */
public final class StopSignal {

  private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");
  private static final int INTERRUPTED = 130;

  private final CompletableFuture<Why> first = new CompletableFuture<>();
  private final AtomicInteger count = new AtomicInteger();

  /** Why the process is to end. */
  public sealed interface Why {

    /** A signal came. */
    record Told() implements Why {}

    /** The server can go on no longer. */
    record Broken(String reason) implements Why {}
  }

  private StopSignal() {}

  public static StopSignal listen() {
    StopSignal signal = new StopSignal();
    SIGNALS.forEach(signal::handle);
    return signal;
  }

  public Why await() {
    return first.join();
  }

  /** Ends the wait without a signal. */
  public void giveUp(String reason) {
    first.complete(new Why.Broken(reason));
  }

  /** Ends the process after this time, whatever keeps it. */
  public static void endWithin(Duration atMost, int exitCode) {
    Thread.ofPlatform()
        .daemon()
        .name("coatcheck-end")
        .start(() -> {
          LockSupport.parkNanos(atMost.toNanos());
          Runtime.getRuntime().halt(exitCode);
        });
  }

  private void received() {
    if (count.incrementAndGet() > 1) {
      Runtime.getRuntime().halt(INTERRUPTED);
    }
    first.complete(new Why.Told());
  }

  private void handle(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, args) -> answer(proxy, method, args));
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
    } catch (InvocationTargetException e) {
      // This system has no such signal, or the JVM keeps it for itself.
    } catch (ReflectiveOperationException e) {
      Runtime.getRuntime().addShutdownHook(new Thread(this::received, "coatcheck-stop"));
    }
  }

  @SuppressWarnings("ReferenceEquality") // What equals of a proxy is to answer.
  private Object answer(Object proxy, Method method, Object[] args) {
    return switch (method.getName()) {
      case "equals" -> proxy == args[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> "StopSignal";
      default -> {
        received();
        yield args;
      }
    };
  }
}
