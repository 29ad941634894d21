package dev.coatcheck.server.pages;

import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.jobs.Intake;
import dev.coatcheck.server.pages.form.Form;
import dev.coatcheck.server.workers.DefinitionRoutes;
import dev.coatcheck.store.Reader.Finished;
import dev.coatcheck.store.Reader.KnownWorker;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The pages of workers, and the form to hand a job to one. */
public final class WorkersPage {

  private static final int RECENT = 1_000;
  private static final int SHOWN = 100;

  private final Desk desk;
  private final Pages pages;
  private final Intake intake;
  private final DefinitionRoutes definitions;

  public WorkersPage(Desk desk, Pages pages, Intake intake, DefinitionRoutes definitions) {
    this.desk = desk;
    this.pages = pages;
    this.intake = intake;
    this.definitions = definitions;
  }

  /**
   * One worker.
   *
   * @param recent its jobs that finished last, newest first
   */
  public record One(
      WorkerView worker, FormView form, SchemaView schema, List<Finished> recent, Instant now) {}

  /** All workers. */
  public record All(List<WorkerView> workers) {}

  /** {@code GET /workers}. */
  public void workers(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    All view = new All(WorkerView.all(desk.engine(), desk.contracts().all()));
    pages.send(exchange, 200, pages.shell("Workers", "workers"), "workers", view);
  }

  /** {@code GET /workers/{worker}}. */
  public void worker(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    KnownWorker worker = find(exchange);
    String name = worker.spec().name();
    List<Finished> recent =
        desk.engine().reader().recent(RECENT).stream()
            .filter(job -> job.worker().equals(name))
            .limit(SHOWN)
            .toList();
    One view =
        new One(
            WorkerView.of(desk.engine(), worker),
            form(worker, Form.of(worker.spec())),
            SchemaView.of(worker.spec()),
            recent,
            desk.engine().now());
    pages.send(exchange, 200, pages.shell(name, "workers"), "worker", view);
  }

  /** {@code POST /workers/{worker}/pause}. */
  public void pause(Exchange exchange) throws Exception {
    set(exchange, true);
  }

  /** {@code POST /workers/{worker}/resume}. */
  public void resume(Exchange exchange) throws Exception {
    set(exchange, false);
  }

  private void set(Exchange exchange, boolean paused) throws Exception {
    exchange.formBody();
    String name = find(exchange).spec().name();
    definitions.pause(name, paused);
    exchange.seeOther("/workers/" + name);
  }

  /** {@code GET /workers/{worker}/new}: the form alone. */
  public void blank(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    KnownWorker worker = find(exchange);
    sendForm(exchange, 200, worker, Form.of(worker.spec()));
  }

  /** {@code POST /workers/{worker}/new}: hands the job in and shows it. */
  public void submit(Exchange exchange) throws Exception {
    Map<String, String> typed = exchange.formBody().all();
    KnownWorker worker = find(exchange);
    Form form = Form.of(worker.spec());
    List<Fault> faults = new ArrayList<>();
    String body = form.submission(worker.spec().name(), typed, faults);
    try {
      if (!faults.isEmpty()) {
        throw Problem.of(ProblemCode.VALIDATION_FAILED, faults);
      }
      Intake.Taken taken = intake.submit(body.getBytes(StandardCharsets.UTF_8));
      exchange.seeOther("/jobs/" + taken.job().id());
    } catch (Problem problem) {
      if (problem.code() != ProblemCode.VALIDATION_FAILED) {
        throw problem;
      }
      sendForm(exchange, problem.status(), worker, form.filled(typed, problem.faults()));
    }
  }

  private KnownWorker find(Exchange exchange) {
    return desk.contracts()
        .get(exchange.parameter("worker"))
        .orElseThrow(() -> Problem.of(ProblemCode.WORKER_NOT_FOUND, "There is no such worker."));
  }

  private void sendForm(Exchange exchange, int status, KnownWorker worker, Form form)
      throws Exception {
    Shell shell = pages.shell("New " + worker.spec().name() + " job", "workers");
    pages.send(exchange, status, shell, "form", form(worker, form));
  }

  private FormView form(KnownWorker worker, Form form) {
    String path = "/workers/" + worker.spec().name();
    return new FormView(
        WorkerView.of(desk.engine(), worker), form, path + "/new", path, "New job", "Submit job");
  }
}
