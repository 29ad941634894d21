package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Target;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.show.WorkerText;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code workers}: what this server can do, and how busy it is. */
@Command(
    name = "workers",
    header = "List the workers, or show one of them.",
    description = "",
    sortOptions = false)
final class WorkersCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(paramLabel = "NAME", arity = "0..1", description = "The worker to show.")
  private @Nullable String name;

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  WorkersCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    try (Api api = client.connect(around)) {
      Answer answer = api.get("/v1/workers" + (name == null ? "" : "/" + Target.segment(name)));
      if (client.json()) {
        ClientOptions.printJson(around.screen(), answer);
        return ExitCode.DONE;
      }
      JsonNode found = answer.json();
      WorkerText text = new WorkerText(around.screen());
      around.screen().print(name == null ? text.table(found.path("data")) : text.card(found));
      return ExitCode.DONE;
    }
  }
}
