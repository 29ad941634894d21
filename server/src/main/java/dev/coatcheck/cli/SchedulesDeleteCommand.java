package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Target;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.screen.Inert;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code schedules delete}: ends one. */
@Command(
    name = "delete",
    header = "End a schedule. Its jobs are left alone.",
    description = "",
    sortOptions = false)
final class SchedulesDeleteCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(paramLabel = "NAME", description = "The schedule.")
  private String name = "";

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  SchedulesDeleteCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    try (Api api = client.connect(around)) {
      api.delete("/v1/schedules/" + Target.segment(name));
      if (!client.json()) {
        around.screen().out().println("Schedule " + Inert.line(name) + " has ended.");
      }
      return ExitCode.DONE;
    }
  }
}
