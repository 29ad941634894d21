package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Target;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.show.ScheduleText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code schedules get}: one of them. */
@Command(name = "get", header = "Show one schedule.", description = "", sortOptions = false)
final class SchedulesGetCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(paramLabel = "NAME", description = "The schedule.")
  private String name = "";

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  SchedulesGetCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    try (Api api = client.connect(around)) {
      Answer answer = api.get("/v1/schedules/" + Target.segment(name));
      if (client.json()) {
        ClientOptions.printJson(around.screen(), answer);
      } else {
        around.screen().print(new ScheduleText(around.screen()).card(answer.json()));
      }
      return ExitCode.DONE;
    }
  }
}
