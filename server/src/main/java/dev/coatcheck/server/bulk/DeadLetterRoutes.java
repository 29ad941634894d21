package dev.coatcheck.server.bulk;

import dev.coatcheck.job.DeadLetter.State;
import dev.coatcheck.job.DeadLetterFilter;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.operate.Bulk;
import dev.coatcheck.operate.Bulk.Repeated;
import dev.coatcheck.operation.Order;
import dev.coatcheck.operation.Pace;
import dev.coatcheck.server.body.Faults;
import dev.coatcheck.server.body.Members;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Query;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.jobs.ListRoutes;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.store.Reader;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /v1/dead-letters}: jobs that failed for good, and what is decided on them. */
public final class DeadLetterRoutes {

  private static final int RATE_MAX = 100_000;
  private static final int NAME_MAX = 63;
  private static final Set<String> PARAMETERS = with(LetterListing.FILTERS, "limit", "cursor");
  private static final Set<String> GROUP_PARAMETERS = with(LetterListing.FILTERS, "limit");
  private static final Set<String> REDRIVE =
      with(Selection.MEMBERS, "worker", "input_patch", "rate_per_second");

  private final Desk desk;
  private final LetterListing listing;

  public DeadLetterRoutes(Desk desk, LetterListing listing) {
    this.desk = desk;
    this.listing = listing;
  }

  /** {@code GET /v1/dead-letters}. */
  public void list(Exchange exchange) throws Exception {
    Query query = exchange.query().only(PARAMETERS, null);
    LetterListing.Page page = listing.page(query, ListRoutes.limit(query));
    exchange.json(
        200,
        JsonOut.object(out -> {
          out.array(
              "data",
              items ->
                  page.letters()
                      .forEach(letter -> items.item(item -> BulkJson.write(item, letter))));
          out.string("next_cursor", page.next());
          out.bool("has_more", page.next() != null);
        }));
  }

  /** {@code GET /v1/dead-letters/groups}. */
  public void groups(Exchange exchange) throws Exception {
    Query query = exchange.query().only(GROUP_PARAMETERS, null);
    var groups = listing.groups(query, ListRoutes.limit(query));
    exchange.json(
        200,
        JsonOut.object(out ->
            out.array(
                "data",
                items ->
                    groups.forEach(group -> items.item(item -> BulkJson.write(item, group))))));
  }

  /** {@code POST /v1/dead-letters:redrive}. */
  public void redrive(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    desk.refuseWhenDraining();
    Faults faults = new Faults();
    Members body = Members.of(exchange.jsonBody(), REDRIVE, faults);
    Selection selection = Selection.read(body);
    DeadLetterFilter filter = Selection.letters(body);
    String worker = body.line("worker", NAME_MAX);
    Integer rate = body.integer("rate_per_second", 1, RATE_MAX);
    Order.Redrive order = new Order.Redrive(filter, worker, patch(body));
    faults.check();
    if (worker != null && desk.contracts().get(worker).isEmpty()) {
      throw Desk.workerNotFound(worker);
    }
    if (selection.ids() != null) {
      redrive(exchange, selection.ids(), selection.dryRun(), order);
    } else if (selection.dryRun()) {
      dryRun(exchange, order, selection.limit());
    } else {
      OperationRoutes.begun(
          exchange, bulk().begin(desk.tenant(), order, new Pace(rate, selection.limit())));
    }
  }

  /** Nothing changes nothing. */
  private static @Nullable Payload patch(Members body) {
    var patch = body.get("input_patch");
    return patch == null || (patch.isObject() && patch.isEmpty())
        ? null
        : body.raw("input_patch").orElse(null);
  }

  private void redrive(Exchange exchange, List<JobId> ids, boolean dryRun, Order.Redrive order)
      throws Exception {
    if (dryRun) {
      List<JobId> open = open(ids);
      exchange.json(200, BulkJson.dryRun(open.size(), first(open)));
      return;
    }
    List<Repeated> repeated = bulk().redrive(desk.tenant(), ids, order);
    exchange.json(
        200,
        JsonOut.object(out -> {
          out.array("redriven", items -> repeated.forEach(each -> writeAs(items, each)));
          out.array("skipped", items -> repeated.forEach(each -> writeNot(items, each)));
        }));
    repeated.forEach(this::count);
  }

  private void count(Repeated repeated) {
    if (repeated instanceof Repeated.As(var from, var job)) {
      desk.metrics().submitted(job.worker());
    }
  }

  private static void writeAs(JsonOut items, Repeated repeated) {
    if (repeated instanceof Repeated.As(var from, var job)) {
      items.item(item -> item.string("from", from.toString()).string("job", job.id().toString()));
    }
  }

  private static void writeNot(JsonOut items, Repeated repeated) {
    if (repeated instanceof Repeated.Not(var from, var code)) {
      items.item(item -> item.string("from", from.toString()).string("code", code));
    }
  }

  /** {@code POST /v1/dead-letters:discard}. */
  public void discard(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    desk.refuseWhenDraining();
    Faults faults = new Faults();
    Members body = Members.of(exchange.jsonBody(), Selection.MEMBERS, faults);
    Selection selection = Selection.read(body);
    DeadLetterFilter filter = Selection.letters(body);
    faults.check();
    List<JobId> ids = selection.ids();
    if (selection.dryRun()) {
      if (ids == null) {
        dryRun(exchange, Order.Redrive.asTheyWere(filter), selection.limit());
      } else {
        List<JobId> open = open(ids);
        exchange.json(200, BulkJson.dryRun(open.size(), first(open)));
      }
      return;
    }
    long discarded =
        ids == null
            ? bulk()
                .discard(
                    desk.tenant(),
                    filter,
                    Objects.requireNonNullElse(selection.limit(), Long.MAX_VALUE))
            : bulk().discard(desk.tenant(), ids);
    exchange.json(200, JsonOut.object(out -> out.number("discarded", discarded)));
  }

  private void dryRun(Exchange exchange, Order order, @Nullable Long limit) throws Exception {
    long matched = bulk().matched(desk.tenant(), order, limit);
    int shown = (int) Math.min(Selection.SAMPLE, matched);
    List<JobId> sample = shown == 0 ? List.of() : bulk().sample(desk.tenant(), order, shown);
    exchange.json(200, BulkJson.dryRun(matched, sample));
  }

  /** Those of the jobs whose dead letter is open, each once. */
  private List<JobId> open(List<JobId> ids) {
    Reader reader = desk.engine().reader();
    return ids.stream()
        .distinct()
        .filter(id ->
            reader
                .deadLetter(desk.tenant(), id)
                .filter(letter -> letter.state() == State.OPEN)
                .isPresent())
        .toList();
  }

  private static List<JobId> first(List<JobId> ids) {
    return ids.subList(0, Math.min(Selection.SAMPLE, ids.size()));
  }

  private Bulk bulk() {
    return desk.engine().bulk();
  }

  private static Set<String> with(Set<String> some, String... more) {
    Set<String> all = new HashSet<>(some);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }
}
