package dev.coatcheck.server;

import dev.coatcheck.cli.Cli;
import dev.coatcheck.cli.host.Host;
import dev.coatcheck.server.config.ServerConfig;
import java.util.function.Consumer;

/** What the jar runs: hands over to the command line, which gets the server from here. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.exit(Cli.run(Main::start, args));
  }

  private static Host.Running start(ServerConfig config) throws Exception {
    Coatcheck server = Coatcheck.start(config);
    return new Host.Running() {
      @Override
      public String url() {
        return server.url();
      }

      @Override
      public String durability() {
        return server.durability();
      }

      @Override
      public void stop() {
        server.stop();
      }

      @Override
      public void onBroken(Consumer<String> listener) {
        server.onBroken(listener);
      }
    };
  }
}
