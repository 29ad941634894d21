package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code dead-letters discard}: they are set aside. */
@Command(
    name = "discard",
    header = "Set open dead letters aside. Their jobs stay as long as they are kept.",
    description = "",
    sortOptions = false)
final class DeadLettersDiscardCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(paramLabel = "ID", arity = "0..*", description = "The jobs, or else a filter.")
  private List<String> ids = List.of();

  @Mixin private LetterFilterOptions filter = new LetterFilterOptions();

  @Mixin private ManyJobs many = new ManyJobs();

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  DeadLettersDiscardCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    ObjectNode conditions = Json.MAPPER.createObjectNode();
    filter.addTo(conditions);
    ObjectNode body = many.body(ids, filter.given(), conditions);
    try (Api api = client.connect(around)) {
      return many.run(api, around, client, "/v1/dead-letters:discard", body);
    }
  }
}
