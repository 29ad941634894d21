package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Json;
import dev.coatcheck.cli.client.Target;
import dev.coatcheck.cli.exit.CliException;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.screen.Ink;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.show.JobTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code jobs}: the newest first. */
@Command(
    name = "jobs",
    header = "List jobs, the newest first.",
    description = "",
    sortOptions = false)
final class JobsCommand implements Callable<Integer> {

  private static final int PAGE_MAX = 200;

  private final Surroundings around;

  @Option(names = "--worker", paramLabel = "WORKER", description = "Only jobs of this worker.")
  private @Nullable String worker;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "Only queued, running, succeeded, failed, timed_out or canceled.")
  private @Nullable String status;

  @Option(names = "--limit", paramLabel = "N", description = "How many. Default: ${DEFAULT-VALUE}.")
  private int limit = 20;

  @Option(names = "--all", description = "All of them.")
  private boolean all;

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  JobsCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw CliException.usage("--limit: at least 1.");
    }
    try (Api api = client.connect(around)) {
      Answer first = api.get(path(""));
      JsonNode page = first.json();
      if (client.json() && !goesOn(page, page.path("data").size())) {
        ClientOptions.printJson(around.screen(), first);
      } else {
        print(collect(api, page));
      }
      return ExitCode.DONE;
    }
  }

  private ObjectNode collect(Api api, JsonNode firstPage) {
    ObjectNode whole = Json.MAPPER.createObjectNode();
    ArrayNode data = whole.putArray("data");
    JsonNode page = firstPage;
    page.path("data").forEach(data::add);
    while (goesOn(page, data.size())) {
      page = api.get(path(page.path("next_cursor").asString(""))).json();
      page.path("data").forEach(data::add);
    }
    while (!all && data.size() > limit) {
      data.remove(data.size() - 1);
    }
    whole.set("next_cursor", page.path("next_cursor"));
    whole.set("has_more", page.path("has_more"));
    return whole;
  }

  private boolean goesOn(JsonNode page, int soFar) {
    return page.path("has_more").asBoolean(false)
        && !page.path("next_cursor").asString("").isEmpty()
        && !page.path("data").isEmpty()
        && (all || soFar < limit);
  }

  private String path(String cursor) {
    StringBuilder path = new StringBuilder("/v1/jobs?limit=");
    path.append(all ? PAGE_MAX : Math.min(limit, PAGE_MAX));
    add(path, "worker", worker);
    add(path, "status", status);
    add(path, "cursor", cursor.isEmpty() ? null : cursor);
    return path.toString();
  }

  private static void add(StringBuilder path, String name, @Nullable String value) {
    if (value != null) {
      path.append('&').append(name).append('=').append(Target.segment(value));
    }
  }

  private void print(ObjectNode whole) {
    Screen screen = around.screen();
    if (client.json()) {
      screen.out().println(Json.MAPPER.writeValueAsString(whole));
      return;
    }
    List<String> lines = new ArrayList<>(new JobTable(around.screen()).lines(whole.path("data")));
    Ink ink = screen.ink();
    if (whole.path("data").isEmpty()) {
      lines = List.of("No jobs.");
    } else if (whole.path("has_more").asBoolean(false)) {
      lines.add(ink.dim("There are more: --limit N or --all"));
    }
    screen.print(lines);
  }
}
