package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Content;
import dev.coatcheck.cli.client.Creation;
import dev.coatcheck.cli.client.Json;
import dev.coatcheck.cli.client.Target;
import dev.coatcheck.cli.exit.CliException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
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
      "  ./coatcheck submit summarize --file manual.pdf -i '{\"sentences\": 3}' --wait",
      "  curl -s https://example.org/input.json | ./coatcheck submit my-worker -i - --json"
    })
final class SubmitCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(paramLabel = "WORKER", description = "The worker that shall do it.")
  private String worker = "";

  @Mixin private SubmitInput input = new SubmitInput();

  @Option(
      names = {"-w", "--wait"},
      description = "Show progress until the job is done, then its result.")
  private boolean wait;

  @Mixin private SubmitOptions options = new SubmitOptions();

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  SubmitCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    if (worker.isBlank()) {
      throw CliException.usage("WORKER is empty.");
    }
    Map<String, Path> files = input.files();
    Content body = files.isEmpty() ? json() : form(files);
    String path =
        files.isEmpty()
            ? "/v1/jobs"
            : "/v1/workers/" + Target.segment(worker) + "/jobs" + options.query();
    try (Api api = client.connect(around)) {
      String key = options.idempotencyKey() == null ? Creation.newKey() : options.idempotencyKey();
      Creation creation = new Creation(api, around.screen().err()::println);
      Answer answer = creation.post(path, body, key);
      JobEnding ending = new JobEnding(around, api, client.json());
      return wait ? ending.follow(answer) : ending.ticket(answer);
    }
  }

  private Content json() {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("worker", worker);
    body.putRawValue("input", new RawValue(input.json(around.screen().in())));
    options.addTo(body);
    return Content.json(Json.MAPPER.writeValueAsString(body));
  }

  private Content form(Map<String, Path> files) {
    return new Content.Form(input.members(around.screen().in()), files);
  }
}
