package dev.coatcheck.client.work;

/** How an attempt ends other than with an output; thrown by a handler. */
public abstract sealed class NotDone extends Exception permits Busy, Suspend, Release, WorkFailure {

  private static final long serialVersionUID = 1L;

  NotDone(String message) {
    super(message);
  }
}
