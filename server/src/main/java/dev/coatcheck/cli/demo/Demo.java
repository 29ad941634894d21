package dev.coatcheck.cli.demo;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Target;
import dev.coatcheck.cli.exit.CliException;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.host.Host;
import dev.coatcheck.cli.host.StartFailure;
import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.server.config.ConfigLoader;
import dev.coatcheck.server.config.ServerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The tour: starts a server, hands in work, watches it, shows what came out, cleans up. */
public final class Demo {

  private static final int SLOW_MILLIS = 2500;
  private static final int WARM_UP_MIN = 30;
  private static final int WARM_UP_MAX = 200;
  private static final long WARM_UP_NANOS = 1_500_000_000L;
  private static final String SLOW_LABEL = "a slow model, simulated";

  private final Screen screen;
  private final Host host;
  private final Stage stage;

  public Demo(Screen screen, Host host) {
    this.screen = screen;
    this.host = host;
    this.stage = new Stage(screen);
  }

  public void run() throws Exception {
    stage.title();
    try (Folder folder = Folder.create()) {
      List<Document> documents = Document.bundled(folder.path());
      Thread hook = new Thread(folder::remove, "coatcheck-demo-cleaner");
      Runtime.getRuntime().addShutdownHook(hook);
      ServerConfig config = config(folder);
      long start = System.nanoTime();
      Host.Running server = start(config);
      try (Api api = new Api(Target.of(server.url(), Optional.empty()))) {
        stage.started(server.url(), folder.path(), System.nanoTime() - start);
        tour(api, documents);
      } finally {
        server.stop();
      }
    }
    stage.goOn();
  }

  private void tour(Api api, List<Document> documents) {
    Desk desk = new Desk(api);
    List<Ticket> tickets = handIn(desk, documents);
    List<Answer> ended = watch(api, tickets);
    stage.summaries();
    for (int i = 0; i < ended.size(); i++) {
      JsonNode job = ended.get(i).json();
      requireSucceeded(job, tickets.get(i).label());
      stage.summary(job, tickets.get(i).label());
    }
    askAgain(desk, documents.getFirst(), tickets.get(1));
  }

  private List<Ticket> handIn(Desk desk, List<Document> documents) {
    int before = warmUp(desk, documents);
    stage.handIn();
    List<Ticket> tickets = new ArrayList<>();
    Ticket slow = desk.slowJob(SLOW_LABEL, SLOW_MILLIS);
    tickets.add(slow);
    stage.ticket(slow, "2.5 s of work");
    for (Document document : documents) {
      Ticket ticket = desk.summary(document);
      tickets.add(ticket);
      stage.ticket(ticket, document.amount());
    }
    stage.aboutTheFigures(before);
    return tickets;
  }

  /** A program that has just started is many times slower than one that runs for a minute. */
  private static int warmUp(Desk desk, List<Document> documents) {
    long start = System.nanoTime();
    documents.forEach(desk::unseenSummary);
    int jobs = documents.size();
    while (jobs < WARM_UP_MIN
        || (jobs < WARM_UP_MAX && System.nanoTime() - start < WARM_UP_NANOS)) {
      desk.smallJob(jobs++);
    }
    return jobs;
  }

  private List<Answer> watch(Api api, List<Ticket> tickets) {
    stage.watch();
    return new Watching(api, screen).untilDone(tickets);
  }

  private void askAgain(Desk desk, Document document, Ticket first) {
    Ticket second = desk.summary(document);
    if (!second.id().equals(first.id())) {
      throw new CliException(
          ExitCode.NOT_SUCCEEDED, List.of("The same idempotency key gave another job."));
    }
    stage.sameTicket(second);
  }

  private static void requireSucceeded(JsonNode job, String label) {
    if (!"succeeded".equals(job.path("status").asString(""))) {
      throw new CliException(
          ExitCode.NOT_SUCCEEDED,
          List.of(
              label + " ended " + Inert.line(job.path("status").asString("")),
              "  " + Inert.line(job.path("error").path("message").asString(""))));
    }
  }

  private Host.Running start(ServerConfig config) throws Exception {
    try {
      return host.start(config);
    } catch (Exception e) {
      throw StartFailure.explain(e, config);
    }
  }

  /** Takes nothing from the environment, so that the demo is the same everywhere. */
  private static ServerConfig config(Folder folder) {
    return ConfigLoader.load(
        Optional.empty(),
        Map.of(),
        Map.of("server.port", "0", "server.grace", "5s", "data.dir", folder.path().toString()));
  }
}
