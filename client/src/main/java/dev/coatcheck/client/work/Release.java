package dev.coatcheck.client.work;

/** The job is handed back untouched, to the front of its queue. It costs no attempt. */
public final class Release extends NotDone {

  private static final long serialVersionUID = 1L;

  public Release() {
    super("released");
  }
}
