package dev.coatcheck.cli;

import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.host.Host;
import dev.coatcheck.cli.host.StartFailure;
import dev.coatcheck.cli.host.StopSignal;
import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.screen.Times;
import dev.coatcheck.server.config.ServerConfig;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code serve}: runs a server until it is told to stop. */
@Command(
    name = "serve",
    header = "Run a server until it is told to stop.",
    description = {
      "",
      "Says on stdout where it answers, logs to stderr. SIGTERM or Ctrl-C stops it once the running work is"
          + " finished, at the latest after server.grace; a second one stops it at once.",
      "",
      "When the disk fails in a way that only a restart mends, it stops by itself with exit code 74.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Every key of the configuration: ./coatcheck config show",
    })
final class ServeCommand implements Callable<Integer> {

  /** How long what waits may take to be answered before the process ends regardless. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(15);

  private final Surroundings around;

  @Mixin private ServerOptions options = new ServerOptions();

  @Mixin HelpOption help = new HelpOption();

  ServeCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws Exception {
    ServerConfig config = options.load(around.env());
    Logging.SERVER.use();
    Screen screen = around.screen();
    Host.Running running = start(config);
    StopSignal stop = StopSignal.listen();
    screen.out().println("Coatcheck is ready at " + running.url());
    screen.out().flush();
    screen.err().println(Inert.line(running.durability()));
    if (config.adminKey().isEmpty()) {
      screen
          .err()
          .println(
              "Open mode: everyone with an account on this machine is admin. Set COATCHECK_ADMIN_KEY"
                  + " (32 characters or more) to close it.");
    }
    running.onBroken(stop::giveUp);
    return switch (stop.await()) {
      case StopSignal.Why.Told _ -> stopAsTold(screen, config, running);
      case StopSignal.Why.Broken(String reason) -> stopBroken(screen, reason, running);
    };
  }

  private static int stopAsTold(Screen screen, ServerConfig config, Host.Running running) {
    screen
        .err()
        .println(
            "Stopping. Running work may take up to "
                + Times.duration(config.grace().toMillis())
                + "; a second signal stops at once.");
    running.stop();
    screen.err().println("Stopped.");
    return ExitCode.DONE;
  }

  /** Nothing that still runs can be recorded: whoever watches over the process starts it again. */
  private static int stopBroken(Screen screen, String reason, Host.Running running) {
    screen
        .err()
        .println(
            Inert.line("The disk failed: " + reason)
                + ". Stopping; what was acknowledged is there after a restart.");
    StopSignal.endWithin(LAST_WORDS, ExitCode.DISK);
    running.stop();
    return ExitCode.DISK;
  }

  private Host.Running start(ServerConfig config) throws Exception {
    try {
      return around.host().start(config);
    } catch (Exception e) {
      throw StartFailure.explain(e, config);
    }
  }
}
