package dev.coatcheck.server.pages;

import dev.coatcheck.job.DeadLetterFilter;
import dev.coatcheck.job.JobId;
import dev.coatcheck.operate.Bulk;
import dev.coatcheck.operate.Bulk.Repeated;
import dev.coatcheck.operation.Operation;
import dev.coatcheck.operation.OperationId;
import dev.coatcheck.operation.Order;
import dev.coatcheck.operation.Pace;
import dev.coatcheck.server.bulk.LetterListing;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.http.Query;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.jobs.ListRoutes;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The page of jobs that failed for good, and what is decided on them there. */
public final class DeadLettersPage {

  private static final int GROUPS = 20;
  private static final Set<String> PARAMETERS = parameters("cursor", "operation");
  private static final Set<String> FIELDS = parameters("id");

  private final Desk desk;
  private final Pages pages;
  private final LetterListing listing;

  public DeadLettersPage(Desk desk, Pages pages, LetterListing listing) {
    this.desk = desk;
    this.pages = pages;
    this.listing = listing;
  }

  /** {@code GET /dead-letters}. */
  public void letters(Exchange exchange) throws Exception {
    Query query = exchange.query().only(PARAMETERS, null).filled();
    LetterListing.Page page = listing.page(query, ListRoutes.LIMIT);
    DeadLettersView view =
        new DeadLettersView(
            query,
            listing.groups(query, GROUPS),
            page.letters(),
            page.next(),
            operation(query).orElse(null),
            desk.engine().now());
    pages.send(exchange, 200, pages.shell("Dead letters", "dead"), "deadLetters", view);
  }

  private Optional<Operation> operation(Query query) {
    return query
        .get("operation")
        .flatMap(OperationId::parse)
        .flatMap(id -> desk.engine().reader().operation(desk.tenant(), id));
  }

  /** {@code POST /dead-letters/redrive}: of one job, or of all that a filter names. */
  public void redrive(Exchange exchange) throws Exception {
    Query form = form(exchange);
    desk.refuseWhenDraining();
    Optional<String> id = form.get("id");
    if (id.isPresent()) {
      exchange.seeOther("/jobs/" + again(job(id.get())));
      return;
    }
    Order order = Order.Redrive.asTheyWere(filter(form));
    Operation operation = bulk().begin(desk.tenant(), order, Pace.FREE);
    Map<String, String> back = filters(form);
    back.put("operation", operation.id().toString());
    exchange.seeOther(DeadLettersView.url(back));
  }

  /** The job that stands for it now. */
  private JobId again(JobId id) throws InterruptedException {
    Order.Redrive order = Order.Redrive.asTheyWere(DeadLetterFilter.NONE);
    return switch (bulk().redrive(desk.tenant(), List.of(id), order).getFirst()) {
      case Repeated.As(var from, var job) -> {
        desk.metrics().submitted(job.worker());
        yield job.id();
      }
      case Repeated.Not(var from, var code) ->
          desk.engine()
              .reader()
              .deadLetter(desk.tenant(), id)
              .flatMap(letter -> Optional.ofNullable(letter.redrivenAs()))
              .orElseThrow(() ->
                  Problem.of(ProblemCode.VALIDATION_FAILED, "The job cannot be redriven: " + code));
    };
  }

  /** {@code POST /dead-letters/discard}: of one job, or of all that a filter names. */
  public void discard(Exchange exchange) throws Exception {
    Query form = form(exchange);
    desk.refuseWhenDraining();
    Optional<String> id = form.get("id");
    if (id.isPresent()) {
      bulk().discard(desk.tenant(), List.of(job(id.get())));
    } else {
      bulk().discard(desk.tenant(), filter(form), Long.MAX_VALUE);
    }
    exchange.seeOther(DeadLettersView.url(filters(form)));
  }

  private static Query form(Exchange exchange) throws InterruptedException {
    return exchange.formBody().only(FIELDS, null).filled();
  }

  private static JobId job(String id) {
    return JobId.parse(id).orElseThrow(Problem::notFound);
  }

  private static DeadLetterFilter filter(Query form) {
    return LetterListing.filter(form);
  }

  /** The filters to go back to. */
  private static Map<String, String> filters(Query form) {
    Map<String, String> filters = new TreeMap<>(form.all());
    filters.remove("id");
    return filters;
  }

  private Bulk bulk() {
    return desk.engine().bulk();
  }

  private static Set<String> parameters(String... more) {
    Set<String> all = new HashSet<>(LetterListing.FILTERS);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }
}
