package dev.coatcheck.server.pages;

import dev.coatcheck.job.Job;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.jobs.ChangeRoutes;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.jobs.Intake;
import dev.coatcheck.server.jobs.RetryRoutes;
import dev.coatcheck.server.json.Json;
import dev.coatcheck.server.pages.form.Form;
import dev.coatcheck.store.Reader.KnownWorker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The page of one job, and what can be done with it there. */
public final class JobPage {

  private final Desk desk;
  private final Pages pages;
  private final ChangeRoutes change;
  private final RetryRoutes retry;

  public JobPage(Desk desk, Pages pages, ChangeRoutes change, RetryRoutes retry) {
    this.desk = desk;
    this.pages = pages;
    this.change = change;
    this.retry = retry;
  }

  /** {@code GET /jobs/{id}}. */
  public void job(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    Job job = desk.find(exchange);
    Shell shell = pages.shell(job.worker() + " " + JobView.brief(job.id()), "jobs");
    pages.send(exchange, 200, shell, "job", view(job));
  }

  /** {@code GET /pages/jobs/{id}}: the part of the page that changes. */
  public void part(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    pages.sendPart(exchange, "jobMain", view(desk.find(exchange)));
  }

  private JobView view(Job job) {
    return JobView.of(desk, job);
  }

  /** {@code POST /jobs/{id}/cancel}. */
  public void cancel(Exchange exchange) throws Exception {
    exchange.formBody();
    show(exchange, change.cancel(Desk.id(exchange)));
  }

  /** {@code POST /jobs/{id}/retry}: the same once more. */
  public void retry(Exchange exchange) throws Exception {
    exchange.formBody();
    Job old = desk.find(exchange);
    show(exchange, retry.retry(old, old.input().bytes()).job());
  }

  /** {@code GET /jobs/{id}/edit}: a form with the job's input. */
  public void edit(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    Job old = desk.find(exchange);
    Form form = Form.ofInput(worker(old).spec()).from(Json.parse(old.input().bytes()));
    sendForm(exchange, 200, old, form);
  }

  /** {@code POST /jobs/{id}/edit}: the job once more with another input. */
  public void retryEdited(Exchange exchange) throws Exception {
    Map<String, String> typed = exchange.formBody().all();
    Job old = desk.find(exchange);
    Form form = Form.ofInput(worker(old).spec());
    List<Fault> faults = new ArrayList<>();
    String input = form.input(typed, Json.parse(old.input().bytes()), faults);
    try {
      if (!faults.isEmpty()) {
        throw Problem.of(ProblemCode.VALIDATION_FAILED, faults);
      }
      Intake.Taken taken = retry.retry(old, input.getBytes(StandardCharsets.UTF_8));
      show(exchange, taken.job());
    } catch (Problem problem) {
      if (problem.code() != ProblemCode.VALIDATION_FAILED) {
        throw problem;
      }
      sendForm(exchange, problem.status(), old, form.filled(typed, problem.faults()));
    }
  }

  private KnownWorker worker(Job job) {
    return desk.contracts()
        .get(job.worker())
        .orElseThrow(() ->
            Problem.of(ProblemCode.WORKER_NOT_FOUND, "The worker of this job is not known here."));
  }

  private void sendForm(Exchange exchange, int status, Job old, Form form) throws Exception {
    Shell shell = pages.shell("Edit and retry", "jobs");
    String path = "/jobs/" + old.id();
    FormView view =
        new FormView(
            WorkerView.of(desk.engine(), worker(old)),
            form,
            path + "/edit",
            path,
            "Edit and retry",
            "Retry with this input");
    pages.send(exchange, status, shell, "form", view);
  }

  private static void show(Exchange exchange, Job job) {
    exchange.seeOther("/jobs/" + job.id());
  }
}
