package dev.coatcheck.server.bulk;

import dev.coatcheck.job.DeadLetter.State;
import dev.coatcheck.job.DeadLetterEntry;
import dev.coatcheck.job.DeadLetterFilter;
import dev.coatcheck.job.DeadLetterGroup;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.operation.Place;
import dev.coatcheck.server.http.Query;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.jobs.Listing;
import dev.coatcheck.store.DeadLetterQuery;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Pages and groups of dead letters, by the filters that a URL names. */
public final class LetterListing {

  /** The parameters that filter. */
  public static final Set<String> FILTERS =
      Set.of("worker", "code", "fingerprint", "failed_after", "failed_before", "state");

  private final Desk desk;

  public LetterListing(Desk desk) {
    this.desk = desk;
  }

  /**
   * Some dead letters.
   *
   * @param next the cursor of the page after it; null if this is the last
   */
  public record Page(List<DeadLetterEntry> letters, @Nullable String next) {}

  /** The letters that the filters and the cursor name, at most {@code limit}. */
  public Page page(Query query, int limit) {
    String scope = scope(query);
    Place before = query.get("cursor").map(text -> LetterCursor.parse(text, scope)).orElse(null);
    List<DeadLetterEntry> found =
        desk.engine()
            .reader()
            .deadLetters(
                new DeadLetterQuery(desk.tenant(), filter(query), state(query), before, limit + 1));
    if (found.size() <= limit) {
      return new Page(found, null);
    }
    List<DeadLetterEntry> page = found.subList(0, limit);
    DeadLetterEntry last = page.getLast();
    return new Page(page, LetterCursor.of(new Place(last.failedAt(), last.job()), scope));
  }

  /** The largest groups of the letters that the filters name. */
  public List<DeadLetterGroup> groups(Query query, int limit) {
    return desk.engine()
        .reader()
        .deadLetterGroups(
            new DeadLetterQuery(desk.tenant(), filter(query), state(query), null, limit));
  }

  /** The filters that a URL names. */
  public static DeadLetterFilter filter(Query query) {
    String code = query.get("code").orElse(null);
    if (code != null && ErrorCode.parse(code).isEmpty()) {
      throw Listing.invalid("code", "is not a code of a job's error");
    }
    return new DeadLetterFilter(
        query.get("worker").orElse(null),
        code,
        query.get("fingerprint").orElse(null),
        Listing.instant(query, "failed_after"),
        Listing.instant(query, "failed_before"));
  }

  private static State state(Query query) {
    String text = query.get("state").orElse(State.OPEN.wire());
    return State.parse(text)
        .orElseThrow(() -> Listing.invalid("state", "must be open, redriven or discarded"));
  }

  /** The filters, which a cursor is bound to. */
  private String scope(Query query) {
    Map<String, String> filters = new TreeMap<>(query.all());
    filters.keySet().retainAll(FILTERS);
    return desk.tenant() + " " + filters;
  }
}
