package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Json;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** {@code dead-letters redrive}: each job once more, as a new one. */
@Command(
    name = "redrive",
    header = "Run the jobs of open dead letters again, each as a new job.",
    description = "",
    sortOptions = false,
    footer = {
      "",
      "Example: all that failed alike, on a cheaper worker, ten a second",
      "  ./coatcheck dead-letters redrive --fingerprint 8c1f03… --to small --rate 10"
    })
final class DeadLettersRedriveCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(paramLabel = "ID", arity = "0..*", description = "The jobs, or else a filter.")
  private List<String> ids = List.of();

  @Mixin private LetterFilterOptions filter = new LetterFilterOptions();

  @Option(names = "--to", paramLabel = "WORKER", description = "Another worker than before.")
  private @Nullable String worker;

  @Option(
      names = "--patch",
      paramLabel = "JSON",
      description = "Changes to each input (JSON merge patch): JSON, @file, or -.")
  private @Nullable String patch;

  @Option(names = "--rate", paramLabel = "N", description = "At most so many in a second.")
  private @Nullable Integer rate;

  @Mixin private ManyJobs many = new ManyJobs();

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  DeadLettersRedriveCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    ObjectNode conditions = Json.MAPPER.createObjectNode();
    filter.addTo(conditions);
    ObjectNode body = many.body(ids, filter.given(), conditions);
    LetterFilterOptions.put(body, "worker", worker);
    if (patch != null) {
      String json = new InputSource(around.screen().in()).json("--patch", patch);
      body.putRawValue("input_patch", new RawValue(json));
    }
    if (rate != null) {
      body.put("rate_per_second", rate);
    }
    try (Api api = client.connect(around)) {
      return many.run(api, around, client, "/v1/dead-letters:redrive", body);
    }
  }
}
