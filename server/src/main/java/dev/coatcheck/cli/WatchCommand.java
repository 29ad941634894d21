package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Api;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code watch}: shows progress until the job is done, then its result. */
@Command(
    name = "watch",
    header = "Watch a job until it is done, then print its result.",
    description = {"", "Ctrl-C stops the watching, not the job.", ""},
    sortOptions = false)
final class WatchCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(paramLabel = "ID", description = "The ticket: the id of the job.")
  private String id = "";

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  WatchCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    try (Api api = client.connect(around)) {
      return new JobEnding(around, api, client.json()).follow(JobIds.given(id));
    }
  }
}
