package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Content;
import dev.coatcheck.cli.client.Creation;
import dev.coatcheck.cli.client.Target;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code schedules run}: a job of it now. */
@Command(
    name = "run",
    header = "Hand in a job of a schedule now, and print its ticket.",
    description = {"", "The schedule goes on as if nothing had been.", ""},
    sortOptions = false)
final class SchedulesRunCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(paramLabel = "NAME", description = "The schedule.")
  private String name = "";

  @Option(
      names = {"-w", "--wait"},
      description = "Show progress until the job is done, then its result.")
  private boolean wait;

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  SchedulesRunCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    try (Api api = client.connect(around)) {
      Creation creation = new Creation(api, around.screen().err()::println);
      String path = "/v1/schedules/" + Target.segment(name) + "/run";
      Answer answer = creation.post(path, Content.json("{}"), Creation.newKey());
      JobEnding ending = new JobEnding(around, api, client.json());
      return wait ? ending.follow(answer) : ending.ticket(answer);
    }
  }
}
