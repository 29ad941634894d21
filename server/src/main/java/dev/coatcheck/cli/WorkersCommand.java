package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.ConnectionException;
import dev.coatcheck.cli.client.Content;
import dev.coatcheck.cli.client.Target;
import dev.coatcheck.cli.exit.CliException;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.show.WorkerText;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code workers}: what this server can do, how busy it is, and whether it may start jobs. */
@Command(
    name = "workers",
    header = "List the workers, or show one of them; pause it, or let it go on.",
    description = "A paused worker takes jobs and starts none. What runs is left alone.%n",
    sortOptions = false)
final class WorkersCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(paramLabel = "NAME", arity = "0..1", description = "The worker to show.")
  private @Nullable String name;

  @ArgGroup private @Nullable Switch setting;

  /** Whether jobs may start. */
  private static final class Switch {

    @Option(names = "--pause", required = true, description = "Start no more jobs of it.")
    private boolean pause;

    @Option(names = "--resume", required = true, description = "Start its jobs again.")
    private boolean resume;

    boolean paused() {
      return pause && !resume;
    }
  }

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  WorkersCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    try (Api api = client.connect(around)) {
      Answer answer = setting == null ? api.get(path()) : set(api, setting.paused());
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

  private String path() {
    return "/v1/workers" + (name == null ? "" : "/" + Target.segment(name));
  }

  private Answer set(Api api, boolean pause) {
    if (name == null) {
      throw CliException.usage("Which worker? --pause and --resume need its name.");
    }
    try {
      String verb = pause ? "/pause" : "/resume";
      return api.tryPost(path() + verb, Content.json("{}"), Map.of()).orRefused();
    } catch (ConnectionException e) {
      throw e.asFailure();
    }
  }
}
