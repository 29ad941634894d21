package dev.coatcheck.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./coatcheck} alone: shows what there is. */
@Command(
    name = "./coatcheck",
    versionProvider = Version.class,
    header = {"Hand in slow work, get a ticket, collect the result.", ""},
    synopsisHeading = "Usage: ",
    customSynopsis = "./coatcheck COMMAND [options]%n",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "Options:%n",
    footer = {
      "",
      "The first five minutes: ./coatcheck demo",
      "Client commands talk to COATCHECK_URL (default http://127.0.0.1:8080)",
      "with the API key in COATCHECK_API_KEY.",
      "",
      "Exit codes: 0 done · 1 the job did not succeed · 2 wrong usage or input",
      "3 no server · 4 refused by the server · 74 the disk failed · 78 bad configuration"
    })
final class RootCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;

  @Override
  public void run() {
    CommandLine line = spec.commandLine();
    line.usage(line.getOut());
  }
}
