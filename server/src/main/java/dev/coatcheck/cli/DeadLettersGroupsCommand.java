package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.show.LetterTable;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code dead-letters groups}: failures that look alike, the most frequent first. */
@Command(
    name = "groups",
    header = "Count dead letters that look alike, the most frequent first.",
    description = "",
    sortOptions = false)
final class DeadLettersGroupsCommand implements Callable<Integer> {

  private final Surroundings around;

  @Mixin private LetterFilterOptions filter = new LetterFilterOptions();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "open, redriven or discarded. Default: open.")
  private @Nullable String state;

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  DeadLettersGroupsCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    try (Api api = client.connect(around)) {
      StringBuilder path = new StringBuilder("/v1/dead-letters/groups?limit=200");
      path.append(filter.parameters());
      LetterFilterOptions.add(path, "state", state);
      Answer answer = api.get(path.toString());
      if (client.json()) {
        ClientOptions.printJson(around.screen(), answer);
        return ExitCode.DONE;
      }
      JsonNode groups = answer.json().path("data");
      around
          .screen()
          .print(
              groups.isEmpty()
                  ? List.of("No dead letters.")
                  : new LetterTable(around.screen()).groups(groups));
      return ExitCode.DONE;
    }
  }
}
