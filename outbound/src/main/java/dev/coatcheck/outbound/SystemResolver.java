package dev.coatcheck.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The resolver of the operating system, which keeps its caller waiting in native code. That would
 * hold the carrier of a virtual thread and hear no interrupt, so it runs on threads of its own.
 */
final class SystemResolver implements Resolver, AutoCloseable {

  private static final int THREADS = 32;
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          IDLE.toMillis(),
          TimeUnit.MILLISECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().daemon().name("resolve-", 0).factory());

  SystemResolver() {
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public List<InetAddress> resolve(String host) throws UnknownHostException, InterruptedException {
    Future<List<InetAddress>> answer =
        threads.submit(() -> List.of(InetAddress.getAllByName(host)));
    try {
      return answer.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      throw new IllegalStateException(failed.getCause());
    } finally {
      answer.cancel(false);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
