package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Target;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.show.JobCard;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code get}: where a job stands, now. */
@Command(name = "get", header = "Show where a job stands.", description = "", sortOptions = false)
final class GetCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(paramLabel = "ID", description = "The ticket: the id of the job.")
  private String id = "";

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  GetCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    try (Api api = client.connect(around)) {
      Answer answer = api.get("/v1/jobs/" + Target.segment(JobIds.given(id)));
      if (client.json()) {
        ClientOptions.printJson(around.screen(), answer);
      } else {
        around.screen().print(JobCard.of(around.screen()).all(answer.json()));
      }
      return ExitCode.DONE;
    }
  }
}
