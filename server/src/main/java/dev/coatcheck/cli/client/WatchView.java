package dev.coatcheck.cli.client;

/** Shows a watched job. */
public interface WatchView {

  /** Called after each change, from the thread that watches. */
  void changed(Track before, Track after);

  /** The stream broke, or the server is slow to come back; the watching goes on. */
  void note(String text);
}
