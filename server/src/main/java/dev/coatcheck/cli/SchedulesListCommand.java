package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Json;
import dev.coatcheck.cli.client.Target;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.show.ScheduleText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** {@code schedules list}: all of them by name. */
@Command(name = "list", header = "List the schedules.", description = "", sortOptions = false)
final class SchedulesListCommand implements Callable<Integer> {

  private final Surroundings around;

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  SchedulesListCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    try (Api api = client.connect(around)) {
      ArrayNode all = all(api);
      if (client.json()) {
        around.screen().out().println(Json.MAPPER.writeValueAsString(all));
        return ExitCode.DONE;
      }
      around.screen().print(new ScheduleText(around.screen()).table(all));
      return ExitCode.DONE;
    }
  }

  private static ArrayNode all(Api api) {
    ArrayNode all = Json.MAPPER.createArrayNode();
    String cursor = "";
    do {
      String after = cursor.isEmpty() ? "" : "&cursor=" + Target.segment(cursor);
      JsonNode page = api.get("/v1/schedules?limit=200" + after).json();
      page.path("data").forEach(all::add);
      cursor = page.path("next_cursor").asString("");
    } while (!cursor.isEmpty());
    return all;
  }
}
