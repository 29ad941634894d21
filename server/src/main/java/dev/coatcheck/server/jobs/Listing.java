package dev.coatcheck.server.jobs;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.http.Query;
import dev.coatcheck.store.JobQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Pages of jobs, newest first, by the filters that a URL names. */
public final class Listing {

  /** Stands for both statuses of a job that is not done. */
  public static final String OPEN = "open";

  /** What the name of a parameter begins with that filters by metadata. */
  public static final String TAG = "metadata.";

  static final Set<String> FILTERS = Set.of("worker", "status", "created_after", "created_before");

  private final Desk desk;
  private final Set<String> indexed;
  private final boolean open;

  /**
   * @param indexed metadata keys that can be filtered by
   * @param open whether {@link #OPEN} is taken for a status
   */
  public Listing(Desk desk, Set<String> indexed, boolean open) {
    this.desk = desk;
    this.indexed = indexed;
    this.open = open;
  }

  /**
   * Some jobs.
   *
   * @param next the cursor of the page after it; null if this is the last
   */
  public record Page(List<Job> jobs, @Nullable String next) {}

  /** The jobs that the filters and the cursor name, at most {@code limit}. */
  public Page page(Query query, int limit, boolean payloads) {
    String scope = scope(query);
    List<Job> found = new ArrayList<>();
    for (Optional<JobStatus> status : statuses(query)) {
      JobQuery wanted = read(query, status.orElse(null), scope, limit + 1, payloads);
      found.addAll(desk.engine().reader().jobs(wanted));
    }
    found.sort(Comparator.comparing(Job::id).reversed());
    if (found.size() <= limit) {
      return new Page(found, null);
    }
    List<Job> page = found.subList(0, limit);
    return new Page(page, Cursor.of(page.getLast().id(), scope).toString());
  }

  private JobQuery read(
      Query query, @Nullable JobStatus status, String scope, int limit, boolean payloads) {
    JobId before = query.get("cursor").map(text -> Cursor.parse(text, scope)).orElse(null);
    return new JobQuery(
        desk.tenant(),
        query.get("worker").orElse(null),
        status,
        instant(query, "created_after"),
        instant(query, "created_before"),
        tag(query),
        before,
        limit,
        payloads);
  }

  /** What to look for, one after the other. */
  private List<Optional<JobStatus>> statuses(Query query) {
    Optional<String> text = query.get("status");
    if (text.isEmpty()) {
      return List.of(Optional.empty());
    }
    if (open && text.get().equals(OPEN)) {
      return List.of(Optional.of(JobStatus.QUEUED), Optional.of(JobStatus.RUNNING));
    }
    return List.of(
        Optional.of(
            JobStatus.parse(text.get())
                .orElseThrow(() -> invalid("status", "is not a status of jobs"))));
  }

  /** An instant that a parameter gives; null if it is missing. */
  public static @Nullable Instant instant(Query query, String name) {
    return query
        .get(name)
        .map(text ->
            OptionsReader.parse(text)
                .orElseThrow(() -> invalid(name, "must be an RFC 3339 instant with a zone")))
        .orElse(null);
  }

  private JobQuery.@Nullable Tag tag(Query query) {
    JobQuery.Tag tag = null;
    for (Map.Entry<String, String> each : query.all().entrySet()) {
      if (each.getKey().startsWith(TAG)) {
        String key = each.getKey().substring(TAG.length());
        if (!indexed.contains(key)) {
          throw Problem.at(
              ProblemCode.FILTER_NOT_INDEXED,
              "?" + each.getKey(),
              "not among the indexed keys " + indexed.stream().sorted().toList());
        }
        if (tag != null) {
          throw invalid(each.getKey(), "only one metadata key can be filtered by");
        }
        tag = new JobQuery.Tag(key, each.getValue());
      }
    }
    return tag;
  }

  /** The filters, which a cursor is bound to. */
  private String scope(Query query) {
    Map<String, String> filters = new TreeMap<>();
    query
        .all()
        .forEach((name, value) -> {
          if (FILTERS.contains(name) || name.startsWith(TAG)) {
            filters.put(name, value);
          }
        });
    return desk.tenant() + " " + filters;
  }

  /** An RFC 3339 instant; empty if the text is none. */
  public static Optional<Instant> parse(String text) {
    return OptionsReader.parse(text);
  }

  /** The problem of a parameter. */
  public static Problem invalid(String name, String detail) {
    return Problem.at(ProblemCode.INVALID_REQUEST, "?" + name, detail);
  }
}
