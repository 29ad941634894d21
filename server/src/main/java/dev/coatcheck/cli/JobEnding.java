package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.JobWatcher;
import dev.coatcheck.cli.client.Target;
import dev.coatcheck.cli.client.Track;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.show.JobCard;
import dev.coatcheck.cli.watch.LineView;
import dev.coatcheck.cli.watch.LiveView;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** From a ticket to the result: what {@code submit --wait} and {@code watch} have in common. */
final class JobEnding {

  private final Surroundings around;
  private final Screen screen;
  private final Api api;
  private final boolean json;

  JobEnding(Surroundings around, Api api, boolean json) {
    this.around = around;
    this.screen = around.screen();
    this.api = api;
    this.json = json;
  }

  /** Prints the ticket only. */
  int ticket(Answer answer) {
    if (json) {
      ClientOptions.printJson(screen, answer);
    } else {
      JobCard.of(around.screen())
          .ticket(answer.json(), replayed(answer))
          .forEach(screen.out()::println);
    }
    return ExitCode.DONE;
  }

  /** Waits for a job that was just handed in. */
  int follow(Answer submitted) {
    JsonNode job = submitted.json();
    if (!json) {
      (screen.live() ? screen.out() : screen.err())
          .println(JobCard.of(around.screen()).ticket(job, replayed(submitted)).getFirst());
    }
    Track known = Track.of(job);
    return known.done() ? result(submitted) : result(watch(known));
  }

  /** Waits for a job of which only the id is known. */
  int follow(String id) {
    Answer first = api.get("/v1/jobs/" + Target.segment(id));
    Track known = Track.of(first.json());
    return known.done() ? result(first) : result(watch(known));
  }

  private Answer watch(Track known) {
    try (Farewell _ = Farewell.onInterrupt(() -> goesOn(known.id()))) {
      if (json || !screen.live()) {
        LineView view = LineView.untilTheEnd(screen.err());
        return new JobWatcher(api, known.id(), view).from(known).untilDone();
      }
      String label = known.worker().isEmpty() ? known.id() : known.worker();
      try (LiveView view = new LiveView(screen, Map.of(label, known))) {
        return new JobWatcher(api, known.id(), view.of(label)).from(known).untilDone();
      }
    }
  }

  private int result(Answer answer) {
    JsonNode job = answer.json();
    boolean succeeded = "succeeded".equals(job.path("status").asString(""));
    if (json) {
      ClientOptions.printJson(screen, answer);
    } else {
      JobCard card = JobCard.of(around.screen());
      (screen.live() ? screen.out() : screen.err()).println(card.ending(job));
      if (succeeded) {
        screen.print(card.output(job));
      }
    }
    return succeeded ? ExitCode.DONE : ExitCode.NOT_SUCCEEDED;
  }

  private void goesOn(String id) {
    String safe = Inert.line(id);
    screen.err().println();
    screen.err().println("Stopped watching. The job goes on; to watch it again:");
    screen.err().println("  ./coatcheck watch " + safe);
  }

  private static boolean replayed(Answer answer) {
    return answer.headers().firstValue("Idempotency-Replayed").filter("true"::equals).isPresent();
  }
}
