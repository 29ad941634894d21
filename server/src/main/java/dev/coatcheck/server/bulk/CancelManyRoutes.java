package dev.coatcheck.server.bulk;

import dev.coatcheck.job.JobFilter;
import dev.coatcheck.job.JobId;
import dev.coatcheck.operate.Bulk;
import dev.coatcheck.operation.Order;
import dev.coatcheck.operation.Pace;
import dev.coatcheck.server.body.Faults;
import dev.coatcheck.server.body.Members;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Result.CancelResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code POST /v1/jobs:cancel}: ends many open jobs. */
public final class CancelManyRoutes {

  private final Desk desk;
  private final Set<String> indexed;

  /**
   * @param indexed metadata keys that can be filtered by
   */
  public CancelManyRoutes(Desk desk, Set<String> indexed) {
    this.desk = desk;
    this.indexed = indexed;
  }

  /** A job that was not canceled, and why. */
  private record Skipped(JobId job, String code) {}

  public void cancel(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    desk.refuseWhenDraining();
    Faults faults = new Faults();
    Members body = Members.of(exchange.jsonBody(), Selection.MEMBERS, faults);
    Selection selection = Selection.read(body);
    JobFilter filter = Selection.jobs(body, indexed);
    faults.check();
    Order order = new Order.Cancel(filter);
    Bulk bulk = desk.engine().bulk();
    if (selection.ids() != null) {
      cancel(exchange, selection.ids(), selection.dryRun());
    } else if (selection.dryRun()) {
      long matched = bulk.matched(desk.tenant(), order, selection.limit());
      int shown = (int) Math.min(Selection.SAMPLE, matched);
      List<JobId> sample = shown == 0 ? List.of() : bulk.sample(desk.tenant(), order, shown);
      exchange.json(200, BulkJson.dryRun(matched, sample));
    } else {
      OperationRoutes.begun(
          exchange, bulk.begin(desk.tenant(), order, new Pace(null, selection.limit())));
    }
  }

  private void cancel(Exchange exchange, List<JobId> ids, boolean dryRun) throws Exception {
    if (dryRun) {
      List<JobId> open = ids.stream().distinct().filter(this::open).toList();
      exchange.json(
          200,
          BulkJson.dryRun(open.size(), open.subList(0, Math.min(Selection.SAMPLE, open.size()))));
      return;
    }
    List<CancelResult> results = desk.engine().cancel(desk.tenant(), ids);
    List<JobId> canceled = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      JobId id = ids.get(i);
      switch (results.get(i)) {
        case Result.Canceled done -> {
          canceled.add(id);
          new BulkMetrics(desk.metrics()).accept(done);
        }
        case Result.AlreadyDone before -> skipped.add(new Skipped(id, "job_done"));
        case Result.NoSuchJob none -> skipped.add(new Skipped(id, "not_found"));
      }
    }
    answer(exchange, canceled, skipped);
  }

  private static void answer(Exchange exchange, List<JobId> canceled, List<Skipped> skipped)
      throws Exception {
    exchange.json(
        200,
        JsonOut.object(out -> {
          out.array("canceled", items -> canceled.forEach(id -> items.item(id.toString())));
          out.array(
              "skipped",
              items ->
                  skipped.forEach(each ->
                      items.item(item ->
                          item.string("job", each.job().toString()).string("code", each.code()))));
        }));
  }

  private boolean open(JobId id) {
    return desk.engine().reader().job(desk.tenant(), id) instanceof Lookup.Found(var job)
        && !job.done();
  }
}
