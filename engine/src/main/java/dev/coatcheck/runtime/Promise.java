package dev.coatcheck.runtime;

/** One answer from one task to one waiting task. */
public interface Promise<T> {

  void keep(T value);

  void breakWith(RuntimeException cause);

  /**
   * Waits for the answer.
   *
   * @throws RuntimeException the cause with which the promise was broken
   */
  T await() throws InterruptedException;
}
