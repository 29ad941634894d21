package dev.coatcheck.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dead-letters}: only a name for what stands below it. */
@Command(
    name = "dead-letters",
    header = "Look at jobs that failed for good, redrive them, or set them aside.",
    description = "",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n")
final class DeadLettersCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Mixin HelpOption help = new HelpOption();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
