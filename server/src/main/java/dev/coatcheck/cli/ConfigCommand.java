package dev.coatcheck.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code config}: only a name for what stands below it. */
@Command(
    name = "config",
    header = "Look at the configuration.",
    description = "",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n")
final class ConfigCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Mixin HelpOption help = new HelpOption();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
