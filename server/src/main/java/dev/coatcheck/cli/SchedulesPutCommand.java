package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Json;
import dev.coatcheck.cli.client.Target;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.show.ScheduleText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** {@code schedules put}: defines one, or replaces it. */
@Command(
    name = "put",
    header = "Define a schedule, or replace it.",
    description = {"", "What is not given has its default, whatever it was before.", ""},
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  ./coatcheck schedules put nightly --worker summarize -i @input.json --cron '0 3 * * 1-5' --timezone Europe/Berlin",
      "  ./coatcheck schedules put pulse --worker simulate -i '{}' --every 30s --overlap skip"
    })
final class SchedulesPutCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(paramLabel = "NAME", description = "The schedule.")
  private String name = "";

  @Option(
      names = "--worker",
      required = true,
      paramLabel = "WORKER",
      description = "The worker that shall do it.")
  private String worker = "";

  @Option(
      names = {"-i", "--input"},
      required = true,
      paramLabel = "JSON",
      description = "The input: JSON, @file, or - for standard input.")
  private String input = "";

  @ArgGroup(multiplicity = "1")
  private When when = new When();

  /** Which instants. */
  private static final class When {

    @Option(
        names = "--cron",
        required = true,
        paramLabel = "FIELDS",
        description = "Minute, hour, day of month, month, day of week.")
    private @Nullable String cron;

    @Option(
        names = "--every",
        required = true,
        paramLabel = "TIME",
        description = "A period, for example 90s or 2h.")
    private @Nullable String every;

    void addTo(ObjectNode body) {
      if (cron != null) {
        body.put("cron", cron);
      } else {
        body.put("every", every);
      }
    }
  }

  @Option(
      names = "--timezone",
      paramLabel = "ZONE",
      description = "Whose clocks cron goes by, for example Europe/Berlin. Default: UTC.")
  private @Nullable String timezone;

  @Option(
      names = "--catch-up",
      paramLabel = "HOW",
      description = "Instants missed: skip, latest or all. Default: skip.")
  private @Nullable String catchUp;

  @Option(
      names = "--overlap",
      paramLabel = "HOW",
      description = "While a job of it is open: allow or skip. Default: allow.")
  private @Nullable String overlap;

  @Option(names = "--paused", description = "Define it, and do not let it begin.")
  private boolean paused;

  @Option(
      names = "--priority",
      paramLabel = "N",
      description = "-100 to 100, higher first. Default: the worker's.")
  private @Nullable Integer priority;

  @Option(names = "--max-attempts", paramLabel = "N", description = "How often a job may be tried.")
  private @Nullable Integer maxAttempts;

  @Option(
      names = {"-m", "--metadata"},
      paramLabel = "KEY=VALUE",
      description = "Kept with each job. May be given several times.")
  private Map<String, String> metadata = new LinkedHashMap<>();

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  SchedulesPutCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    String json = new InputSource(around.screen().in()).json("--input", input);
    String body = Json.MAPPER.writeValueAsString(body(json));
    try (Api api = client.connect(around)) {
      Answer answer = api.put("/v1/schedules/" + Target.segment(name), body);
      if (client.json()) {
        ClientOptions.printJson(around.screen(), answer);
      } else {
        around.screen().print(new ScheduleText(around.screen()).card(answer.json()));
      }
      return ExitCode.DONE;
    }
  }

  private ObjectNode body(String json) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("worker", worker);
    body.putRawValue("input", new RawValue(json));
    when.addTo(body);
    put(body, "timezone", timezone);
    put(body, "catch_up", catchUp);
    put(body, "overlap", overlap);
    body.put("paused", paused);
    ObjectNode options = body.putObject("options");
    if (priority != null) {
      options.put("priority", priority);
    }
    if (maxAttempts != null) {
      options.put("max_attempts", maxAttempts);
    }
    ObjectNode pairs = options.putObject("metadata");
    metadata.forEach(pairs::put);
    return body;
  }

  private static void put(ObjectNode body, String member, @Nullable String value) {
    if (value != null) {
      body.put(member, value);
    }
  }
}
