package dev.coatcheck.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code schedules}: only a name for what stands below it. */
@Command(
    name = "schedules",
    header = "Look at schedules, define and end them.",
    description = {"", "A schedule hands the same job in again and again.", ""},
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n")
final class SchedulesCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Mixin HelpOption help = new HelpOption();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
