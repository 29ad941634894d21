package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.exit.CliException;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.show.LetterTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code dead-letters list}: one page, the job that failed last first. */
@Command(
    name = "list",
    header = "List dead letters, the job that failed last first.",
    description = "",
    sortOptions = false)
final class DeadLettersListCommand implements Callable<Integer> {

  private static final int PAGE_MAX = 200;

  private final Surroundings around;

  @Mixin private LetterFilterOptions filter = new LetterFilterOptions();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "open, redriven or discarded. Default: open.")
  private @Nullable String state;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many, at most 200. Default: ${DEFAULT-VALUE}.")
  private int limit = 20;

  @Option(names = "--cursor", paramLabel = "CURSOR", description = "Go on after an earlier page.")
  private @Nullable String cursor;

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  DeadLettersListCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    if (limit < 1 || limit > PAGE_MAX) {
      throw CliException.usage("--limit: from 1 to " + PAGE_MAX + ".");
    }
    try (Api api = client.connect(around)) {
      StringBuilder path = new StringBuilder("/v1/dead-letters?limit=").append(limit);
      path.append(filter.parameters());
      LetterFilterOptions.add(path, "state", state);
      LetterFilterOptions.add(path, "cursor", cursor);
      Answer answer = api.get(path.toString());
      if (client.json()) {
        ClientOptions.printJson(around.screen(), answer);
      } else {
        print(answer.json());
      }
      return ExitCode.DONE;
    }
  }

  private void print(JsonNode page) {
    Screen screen = around.screen();
    List<String> lines = new ArrayList<>(new LetterTable(screen).letters(page.path("data")));
    if (page.path("data").isEmpty()) {
      lines = List.of("No dead letters.");
    } else if (page.path("has_more").asBoolean(false)) {
      lines.add(
          screen.ink().dim("There are more: --cursor " + page.path("next_cursor").asString("")));
    }
    screen.print(lines);
  }
}
