package dev.coatcheck.runtime;

import java.util.List;

/** Hands items from many tasks to one, in the order in which they came. */
public interface Mailbox<T> {

  void put(T item);

  /** Waits for at least one item and takes all there are. */
  List<T> takeAll() throws InterruptedException;

  /** Takes all there are, without waiting. */
  List<T> drain();
}
