package dev.coatcheck.server.http;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/** Requests that wait for something to happen, so that the server can end their waits. */
public final class Waits {

  private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  /** Whether no more waiting is to be done. */
  public boolean ended() {
    return ended;
  }

  /** Waits as the call does; empty if the wait was ended. */
  public <T> Optional<T> during(Callable<T> wait) throws Exception {
    Waiter waiter = new Waiter(Thread.currentThread());
    waiting.add(waiter);
    try {
      return ended ? Optional.empty() : Optional.of(wait.call());
    } catch (InterruptedException interrupted) {
      if (!ended) {
        throw interrupted;
      }
      return Optional.empty();
    } finally {
      waiting.remove(waiter);
      waiter.leave();
    }
  }

  /** Ends all waits, present and future ones. */
  public void end() {
    ended = true;
    waiting.forEach(Waiter::interrupt);
  }

  private static final class Waiter {

    private final Thread thread;
    private boolean left;
    private boolean interrupted;

    Waiter(Thread thread) {
      this.thread = thread;
    }

    synchronized void interrupt() {
      if (!left) {
        interrupted = true;
        thread.interrupt();
      }
    }

    /** An interrupt that came too late for the wait must not hit what follows. */
    synchronized void leave() {
      left = true;
      if (interrupted) {
        Thread.interrupted();
      }
    }
  }
}
