package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Content;
import dev.coatcheck.cli.client.Creation;
import dev.coatcheck.cli.client.Json;
import dev.coatcheck.cli.client.Target;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** {@code retry}: a new job like a finished one. */
@Command(
    name = "retry",
    header = "Run a finished job again, as a new job.",
    description = "",
    sortOptions = false,
    footer = {
      "",
      "Example: the same again, on a cheaper worker and shorter",
      "  ./coatcheck retry job_01k… --worker small --patch '{\"max_words\": 100}' --wait"
    })
final class RetryCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(paramLabel = "ID", description = "The job to run again.")
  private String id = "";

  @Option(names = "--worker", paramLabel = "WORKER", description = "Another worker than before.")
  private @Nullable String worker;

  @Option(
      names = "--patch",
      paramLabel = "JSON",
      description = "Changes to the input (JSON merge patch): JSON, @file, or -.")
  private @Nullable String patch;

  @Option(
      names = {"-w", "--wait"},
      description = "Show progress until the job is done, then its result.")
  private boolean wait;

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  RetryCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    String body = body();
    try (Api api = client.connect(around)) {
      String path = "/v1/jobs/" + Target.segment(JobIds.given(id)) + "/retry";
      Creation creation = new Creation(api, around.screen().err()::println);
      Answer answer = creation.post(path, Content.json(body), Creation.newKey());
      JobEnding ending = new JobEnding(around, api, client.json());
      return wait ? ending.follow(answer) : ending.ticket(answer);
    }
  }

  private String body() {
    ObjectNode body = Json.MAPPER.createObjectNode();
    if (worker != null) {
      body.put("worker", worker);
    }
    if (patch != null) {
      String json = new InputSource(around.screen().in()).json("--patch", patch);
      body.putRawValue("input_patch", new RawValue(json));
    }
    return Json.MAPPER.writeValueAsString(body);
  }
}
