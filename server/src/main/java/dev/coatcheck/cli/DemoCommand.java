package dev.coatcheck.cli;

import dev.coatcheck.cli.demo.Demo;
import dev.coatcheck.cli.exit.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code demo}: the five-minute tour. */
@Command(
    name = "demo",
    header = "See it work: three documents in, three summaries out.",
    description = {
      "",
      "Starts a server on a free port with its store in a temporary folder, talks to it over HTTP, then stops it"
          + " and removes the folder. Nothing is left behind.",
      ""
    },
    sortOptions = false)
final class DemoCommand implements Callable<Integer> {

  private final Surroundings around;

  @Mixin HelpOption help = new HelpOption();

  DemoCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws Exception {
    Logging.SILENT.use();
    new Demo(around.screen(), around.host()).run();
    return ExitCode.DONE;
  }
}
