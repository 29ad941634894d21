package dev.coatcheck.cli;

/** Says something if the process is told to end before this is closed. */
final class Farewell implements AutoCloseable {

  private final Thread hook;

  private Farewell(Runnable words) {
    this.hook = new Thread(words, "coatcheck-farewell");
  }

  static Farewell onInterrupt(Runnable words) {
    Farewell farewell = new Farewell(words);
    Runtime.getRuntime().addShutdownHook(farewell.hook);
    return farewell;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already; the words have been said.
    }
  }
}
