package dev.coatcheck.client.runner;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Where things run. */
final class Threads {

  private Threads() {}

  /** A virtual thread for each task where Java has them (21), else a platform thread. */
  static ExecutorService forHandlers() {
    try {
      Object made = Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
      return (ExecutorService) made;
    } catch (ReflectiveOperationException noVirtualThreads) {
      return Executors.newCachedThreadPool(task -> daemon("coatcheck-handler", task));
    }
  }

  /** A platform thread: handlers that compute must not keep heartbeats from being sent. */
  static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
