package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Content;
import dev.coatcheck.cli.client.Creation;
import dev.coatcheck.cli.client.Json;
import dev.coatcheck.cli.client.Target;
import dev.coatcheck.cli.exit.CliException;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.show.JobCard;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code cancel}: an open job is canceled once this returns; many by their ids or a filter. */
@Command(
    name = "cancel",
    header = "Cancel a job, or many. A finished one stays as it is.",
    description = "",
    sortOptions = false,
    footer = {
      "",
      "Example: whatever of a worker has not started yet",
      "  ./coatcheck cancel --worker summarize --status queued"
    })
final class CancelCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(
      paramLabel = "ID",
      arity = "0..*",
      description = "The ticket: the id of the job; several, or else a filter.")
  private List<String> ids = List.of();

  @Option(names = "--worker", paramLabel = "WORKER", description = "Open jobs of this worker.")
  private @Nullable String worker;

  @Option(names = "--status", paramLabel = "STATUS", description = "Only queued, or only running.")
  private @Nullable String status;

  @Option(
      names = "--created-after",
      paramLabel = "TIME",
      description = "Only those created then or later, like 2027-01-31T08:30:00Z.")
  private @Nullable String createdAfter;

  @Option(
      names = "--created-before",
      paramLabel = "TIME",
      description = "Only those created before then.")
  private @Nullable String createdBefore;

  @Option(
      names = "--metadata",
      paramLabel = "KEY=VALUE",
      description = "Only those with this entry; the key must be indexed.")
  private Map<String, String> metadata = new TreeMap<>();

  @Mixin private ManyJobs many = new ManyJobs();

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  CancelCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    ObjectNode filter = filter();
    ObjectNode body = many.body(ids, !filter.isEmpty(), filter);
    if (ids.size() == 1 && !body.has("dry_run")) {
      return one(ids.getFirst());
    }
    if (metadata.size() > 1) {
      throw CliException.usage("--metadata: only one key can be filtered by.");
    }
    try (Api api = client.connect(around)) {
      return many.run(api, around, client, "/v1/jobs:cancel", body);
    }
  }

  private ObjectNode filter() {
    ObjectNode filter = Json.MAPPER.createObjectNode();
    LetterFilterOptions.put(filter, "worker", worker);
    LetterFilterOptions.put(filter, "status", status);
    LetterFilterOptions.put(filter, "created_after", createdAfter);
    LetterFilterOptions.put(filter, "created_before", createdBefore);
    metadata.forEach((key, value) -> filter.put("metadata." + key, value));
    return filter;
  }

  private int one(String id) {
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
