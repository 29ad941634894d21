package dev.coatcheck.cli.host;

import dev.coatcheck.server.config.ServerConfig;
import java.util.function.Consumer;

/** Starts a server in this process. */
@FunctionalInterface
public interface Host {

  /** Returns once the server answers. */
  Running start(ServerConfig config) throws Exception;

  /** A server that answers. */
  interface Running {

    /** Where it answers, for example {@code http://127.0.0.1:8080}. */
    String url();

    /** What an acknowledged job survives, in one line. */
    String durability();

    /** Finishes what runs, within the grace of the configuration. */
    void stop();

    /**
     * Tells, once, that the server can take nothing more in until it is started again, and why; at
     * once if that is so already. The listener must return at once.
     */
    void onBroken(Consumer<String> listener);
  }
}
