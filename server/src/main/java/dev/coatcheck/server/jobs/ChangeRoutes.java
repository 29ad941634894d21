package dev.coatcheck.server.jobs;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.server.body.Body;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** Ending a job. */
public final class ChangeRoutes {

  private final Desk desk;

  public ChangeRoutes(Desk desk) {
    this.desk = desk;
  }

  /** {@code POST /v1/jobs/{id}/cancel}. */
  public void cancel(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    JobId id = Desk.id(exchange);
    byte[] body = exchange.optionalJsonBody();
    if (body.length > 0) {
      Body.parse(body).members(Set.of());
    }
    desk.answer(exchange, 200, cancel(id), JobJson.Form.WHOLE);
  }

  /** Ends the job if it is open; answers it as it is then. */
  public Job cancel(JobId id) throws InterruptedException {
    return switch (desk.engine().cancel(desk.tenant(), id)) {
      case Result.Canceled(Job canceled) -> {
        desk.metrics().finished(canceled.worker(), canceled.status().wire(), ran(canceled));
        yield canceled;
      }
      case Result.AlreadyDone(Job done) -> done;
      case Result.NoSuchJob none -> throw missing(id);
    };
  }

  private Problem missing(JobId id) {
    desk.found(id, desk.engine().reader().job(desk.tenant(), id));
    return desk.missing(id);
  }

  private static Duration ran(Job job) {
    Instant started = job.times().startedAt();
    Instant finished = job.times().finishedAt();
    return started == null || finished == null
        ? Duration.ZERO
        : Duration.between(started, finished);
  }
}
