package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Content;
import dev.coatcheck.cli.client.Creation;
import dev.coatcheck.cli.client.Target;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.show.JobCard;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code cancel}: an open job is canceled once this returns. */
@Command(
    name = "cancel",
    header = "Cancel a job. A finished one stays as it is.",
    description = "",
    sortOptions = false)
final class CancelCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(paramLabel = "ID", description = "The ticket: the id of the job.")
  private String id = "";

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  CancelCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    Screen screen = around.screen();
    try (Api api = client.connect(around)) {
      String path = "/v1/jobs/" + Target.segment(JobIds.given(id)) + "/cancel";
      Answer answer =
          new Creation(api, screen.err()::println)
              .post(path, Content.json("{}"), Creation.newKey());
      if (client.json()) {
        ClientOptions.printJson(screen, answer);
        return ExitCode.DONE;
      }
      JsonNode job = answer.json();
      screen.out().println(JobCard.of(around.screen()).ending(job));
      if (!"canceled".equals(job.path("status").asString(""))) {
        screen.out().println(screen.ink().dim("  It had finished before; nothing was changed."));
      }
      return ExitCode.DONE;
    }
  }
}
