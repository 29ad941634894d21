package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Creation;
import dev.coatcheck.cli.client.Json;
import dev.coatcheck.cli.exit.CliException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** {@code submit}: hands in a job; with {@code --wait} stays until it is done. */
@Command(
    name = "submit",
    header = "Hand in a job and print its ticket.",
    description = {
      "",
      "A lost connection is tried again under the same idempotency key, so that one call never makes two jobs.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  ./coatcheck submit simulate -i '{\"duration_ms\": 5000, \"steps\": 10}' --wait",
      "  ./coatcheck submit summarize --text @report.md --wait",
      "  curl -s https://example.org/input.json | ./coatcheck submit my-worker -i - --json"
    })
final class SubmitCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(paramLabel = "WORKER", description = "The worker that shall do it.")
  private String worker = "";

  @ArgGroup private Input input = new Input();

  @Option(
      names = {"-w", "--wait"},
      description = "Show progress until the job is done, then its result.")
  private boolean wait;

  @Mixin private SubmitOptions options = new SubmitOptions();

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  /** What the worker is given: at most one of the two. */
  static final class Input {

    @Option(
        names = {"-i", "--input"},
        paramLabel = "JSON",
        description = "The input: JSON, @file, or - for standard input. Default: {}.")
    private @Nullable String json;

    @Option(
        names = {"-t", "--text"},
        paramLabel = "TEXT",
        description = "Short for the input {\"text\": …}: plain text, @file, or -.")
    private @Nullable String text;
  }

  SubmitCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    String body = body();
    try (Api api = client.connect(around)) {
      String key = options.idempotencyKey() == null ? Creation.newKey() : options.idempotencyKey();
      Creation creation = new Creation(api, around.screen().err()::println);
      Answer answer = creation.post("/v1/jobs", body, key);
      JobEnding ending = new JobEnding(around, api, client.json());
      return wait ? ending.follow(answer) : ending.ticket(answer);
    }
  }

  private String body() {
    if (worker.isBlank()) {
      throw CliException.usage("WORKER is empty.");
    }
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("worker", worker);
    InputSource source = new InputSource(around.screen().in());
    if (input.text != null) {
      body.putObject("input").put("text", source.text(input.text));
    } else {
      String json = input.json == null ? "{}" : source.json("--input", input.json);
      body.putRawValue("input", new RawValue(json));
    }
    options.addTo(body);
    return Json.MAPPER.writeValueAsString(body);
  }
}
