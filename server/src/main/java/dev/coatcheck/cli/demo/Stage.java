package dev.coatcheck.cli.demo;

import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Ink;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.screen.Times;
import dev.coatcheck.cli.screen.Widths;
import dev.coatcheck.cli.screen.Wrap;
import dev.coatcheck.cli.show.SummaryText;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What the demo says, and how it is set. */
final class Stage {

  private static final String MARGIN = "     ";
  private static final int LABEL = 26;
  private static final int AMOUNT = 13;

  private final Screen screen;
  private final Ink ink;
  private int summaries;

  Stage(Screen screen) {
    this.screen = screen;
    this.ink = screen.ink();
  }

  void title() {
    say("");
    say(
        "  "
            + ink.bold("Coatcheck")
            + ink.dim("  Hand in slow work, get a ticket, collect the result."));
    say("");
  }

  void started(String url, Path folder, long nanos) {
    say(MARGIN + "A server has started in this process, in " + Times.exact(nanos) + ".");
    say(MARGIN + ink.dim("it answers at  ") + ink.cyan(url));
    say(MARGIN + ink.dim("its store is   ") + folder);
  }

  void handIn() {
    step(1, "Hand in the work, files among it", "POST /v1/jobs");
  }

  void ticket(Ticket ticket, String amount) {
    String time = Widths.padLeft(Times.exact(ticket.nanos()), 10);
    say(
        MARGIN
            + Widths.pad(ticket.label(), LABEL)
            + ink.dim(Widths.padLeft(amount, AMOUNT))
            + "  →  "
            + Inert.line(ticket.id())
            + ink.green(time));
  }

  void aboutTheFigures(int before) {
    say("");
    for (String line :
        Wrap.lines(
            "Each time is a whole round trip over HTTP, the job safe on disk before the ticket is given. "
                + before
                + " jobs, not shown, went first to warm the program up.",
            screen.textWidth())) {
      say(MARGIN + ink.dim(line));
    }
  }

  void watch() {
    step(2, "Watch it run", "GET /v1/jobs/{id}/events");
  }

  void summaries() {
    step(3, "Collect the results", "GET /v1/jobs/{id}");
  }

  /** A finished job as a page, if its output is a summary. */
  void summary(JsonNode job, String name) {
    JsonNode output = job.path("output");
    if (SummaryText.fits(output)) {
      if (summaries++ > 0) {
        say("");
        say("");
      }
      List<String> lines = SummaryText.lines(output, name, screen.textWidth(), ink);
      lines.forEach(line -> say(line.isEmpty() ? "" : MARGIN + line));
    }
  }

  void sameTicket(Ticket ticket) {
    step(4, "Ask again, as after a lost connection", "the same Idempotency-Key");
    say(
        MARGIN
            + Widths.pad(ticket.label(), LABEL)
            + ink.dim(Widths.padLeft("once more", AMOUNT))
            + "  →  "
            + Inert.line(ticket.id())
            + ink.green(Widths.padLeft(Times.exact(ticket.nanos()), 10)));
    say("");
    say(MARGIN + ink.dim("The same ticket, with its result. Nothing ran twice."));
  }

  void goOn() {
    say("");
    say("  " + ink.bold("Go on"));
    say("");
    say(
        MARGIN
            + "./coatcheck serve"
            + ink.dim("                                a server that stays"));
    say(MARGIN + "./coatcheck submit summarize --file report.pdf --wait");
    say(MARGIN + "curl -s http://127.0.0.1:8080/v1/jobs -H 'Content-Type: application/json' \\");
    say(MARGIN + "  -d '{\"worker\": \"simulate\", \"input\": {\"duration_ms\": 3000}}'");
    say("");
    say(MARGIN + ink.dim("The server of this demo has stopped, and its folder is removed."));
    say("");
  }

  private void step(int number, String what, String how) {
    say("");
    int gap = Math.max(2, screen.textWidth() - 5 - what.length() - how.length() + MARGIN.length());
    String line = "  " + ink.cyan(String.valueOf(number)) + "  " + ink.bold(what);
    say(line + " ".repeat(gap) + ink.dim(how));
    say("");
  }

  private void say(String line) {
    screen.out().println(line);
  }
}
