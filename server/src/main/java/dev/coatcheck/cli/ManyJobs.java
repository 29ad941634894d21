package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.ConnectionException;
import dev.coatcheck.cli.client.Content;
import dev.coatcheck.cli.client.Json;
import dev.coatcheck.cli.client.Target;
import dev.coatcheck.cli.exit.CliException;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Screen;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Options of what is done to many jobs, and how its answer is told. */
final class ManyJobs {

  private static final long PAUSE_MILLIS = 500;

  @Option(names = "--all", description = "All of them, where no filter is given.")
  private boolean all;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many, the newest first.")
  private @Nullable Long limit;

  @Option(names = "--dry-run", description = "Only tell how many there are.")
  private boolean dryRun;

  @Option(
      names = "--no-wait",
      description = "Begin, and do not wait for the end. It goes on in the server anyway.")
  private boolean noWait;

  /** What is asked of the server: jobs by their ids, or by a filter. */
  ObjectNode body(List<String> ids, boolean filtered, ObjectNode filter) {
    if (ids.isEmpty() && !filtered && !all) {
      throw CliException.usage("Which jobs? Give their ids, a filter, or --all.");
    }
    if (!ids.isEmpty() && (filtered || all)) {
      throw CliException.usage("Either ids or a filter, not both.");
    }
    ObjectNode body = Json.MAPPER.createObjectNode();
    if (ids.isEmpty()) {
      body.set("filter", filter);
    } else {
      ArrayNode array = body.putArray("ids");
      ids.forEach(id -> array.add(JobIds.given(id)));
    }
    if (limit != null) {
      body.put("limit", limit);
    }
    if (dryRun) {
      body.put("dry_run", true);
    }
    return body;
  }

  /** Sends it, waits for an operation, and tells what came of it. */
  int run(Api api, Surroundings around, ClientOptions client, String path, ObjectNode body) {
    Answer answer = post(api, path, body);
    if (answer.status() == 202 && !noWait) {
      answer = follow(api, answer);
    }
    if (client.json()) {
      ClientOptions.printJson(around.screen(), answer);
    } else {
      print(around.screen(), answer.json());
    }
    JsonNode told = answer.json();
    boolean some = !told.path("skipped").isArray() || told.path("skipped").isEmpty();
    return told.path("failed").asLong(0) == 0 && some ? ExitCode.DONE : ExitCode.NOT_SUCCEEDED;
  }

  private static Answer post(Api api, String path, ObjectNode body) {
    try {
      String json = Json.MAPPER.writeValueAsString(body);
      return api.tryPost(path, Content.json(json), Map.of()).orRefused();
    } catch (ConnectionException e) {
      throw e.asFailure();
    }
  }

  private static Answer follow(Api api, Answer begun) {
    Answer answer = begun;
    String path = "/v1/operations/" + Target.segment(begun.json().path("id").asString(""));
    while (!answer.json().path("done").asBoolean(false)) {
      pause();
      answer = api.get(path);
    }
    return answer;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CliException.unreachable("Interrupted; the operation goes on in the server.");
    }
  }

  private static void print(Screen screen, JsonNode told) {
    if (told.has("sample")) {
      screen.out().println(count(told.path("matched").asLong(0)) + " would be taken.");
      told.path("sample").forEach(id -> screen.out().println("  " + Inert.line(id.asString(""))));
    } else if (told.has("discarded")) {
      screen.out().println("Discarded " + told.path("discarded").asLong(0) + ".");
    } else if (told.has("id")) {
      printOperation(screen, told);
    } else {
      told.path("redriven")
          .forEach(each ->
              screen
                  .out()
                  .println(
                      "Redriven "
                          + Inert.line(each.path("from").asString(""))
                          + " as "
                          + Inert.line(each.path("job").asString(""))));
      told.path("canceled")
          .forEach(id -> screen.out().println("Canceled " + Inert.line(id.asString(""))));
      told.path("skipped")
          .forEach(each ->
              screen
                  .out()
                  .println(
                      "Skipped  "
                          + Inert.line(each.path("from").asString(each.path("job").asString("")))
                          + ": "
                          + Inert.line(each.path("code").asString(""))));
    }
  }

  private static void printOperation(Screen screen, JsonNode told) {
    String state = told.path("done").asBoolean(false) ? "done" : "goes on in the server";
    screen
        .out()
        .println(
            Inert.line(told.path("id").asString(""))
                + " "
                + Inert.line(told.path("kind").asString(""))
                + " "
                + state
                + ": "
                + told.path("succeeded").asLong(0)
                + " of "
                + told.path("matched").asLong(0)
                + ", "
                + told.path("skipped").asLong(0)
                + " skipped, "
                + told.path("failed").asLong(0)
                + " failed");
  }

  private static String count(long jobs) {
    return jobs == 1 ? "1 job" : jobs + " jobs";
  }
}
