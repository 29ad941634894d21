package dev.coatcheck.server.jobs;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.http.Query;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.store.JobQuery;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/jobs}: pages of jobs, newest first. */
public final class ListRoutes {

  public static final int LIMIT = 50;
  public static final int LIMIT_MAX = 200;

  private static final String TAG = "metadata.";
  private static final Set<String> FILTERS =
      Set.of("worker", "status", "created_after", "created_before");
  private static final Set<String> PARAMETERS = parameters();

  private final Desk desk;
  private final Set<String> indexed;

  /**
   * @param indexed metadata keys that can be filtered by
   */
  public ListRoutes(Desk desk, Set<String> indexed) {
    this.desk = desk;
    this.indexed = indexed;
  }

  public void list(Exchange exchange) throws Exception {
    Query query = exchange.query().only(PARAMETERS, TAG);
    int limit = limit(query);
    Set<String> include = include(query);
    List<Job> found = desk.engine().reader().jobs(read(query, limit + 1, !include.isEmpty()));
    boolean more = found.size() > limit;
    List<Job> page = more ? found.subList(0, limit) : found;
    String next = more ? Cursor.of(page.getLast().id(), scope(query)).toString() : null;
    if (next != null) {
      exchange.answerHeader("Link", "<" + nextUrl(exchange, query, next) + ">; rel=\"next\"");
    }
    JobJson.Form form =
        new JobJson.Form(include.contains("input"), include.contains("output"), false, false);
    exchange.json(200, JsonOut.object(out -> page(out, page, next, form)));
  }

  private void page(JsonOut out, List<Job> page, @Nullable String next, JobJson.Form form) {
    out.array("data", items -> page.forEach(job -> items.item(item -> write(item, job, form))));
    out.string("next_cursor", next);
    out.bool("has_more", next != null);
  }

  private void write(JsonOut out, Job job, JobJson.Form form) {
    JobJson.write(out, job, JobFacts.of(desk.engine(), job), "", form);
  }

  private JobQuery read(Query query, int limit, boolean payloads) {
    String scope = scope(query);
    return new JobQuery(
        desk.tenant(),
        query.get("worker").orElse(null),
        status(query),
        instant(query, "created_after"),
        instant(query, "created_before"),
        tag(query),
        query.get("cursor").map(text -> Cursor.parse(text, scope)).orElse(null),
        limit,
        payloads);
  }

  /** How many entries of a page a request asks for. */
  public static int limit(Query query) {
    String text = query.get("limit").orElse(Integer.toString(LIMIT));
    int limit = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > LIMIT_MAX) {
      throw invalid("limit", "must be from 1 to " + LIMIT_MAX);
    }
    return limit;
  }

  private static Set<String> include(Query query) {
    Optional<String> text = query.get("include");
    if (text.isEmpty()) {
      return Set.of();
    }
    Set<String> parts = Set.copyOf(List.of(text.get().split(",")).stream().distinct().toList());
    if (!Set.of("input", "output").containsAll(parts)) {
      throw invalid("include", "must be input, output or both");
    }
    return parts;
  }

  private static @Nullable JobStatus status(Query query) {
    return query
        .get("status")
        .map(text ->
            JobStatus.parse(text).orElseThrow(() -> invalid("status", "is not a status of jobs")))
        .orElse(null);
  }

  private static @Nullable Instant instant(Query query, String name) {
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

  private static String nextUrl(Exchange exchange, Query query, String cursor) {
    Map<String, String> parameters = new TreeMap<>(query.all());
    parameters.put("cursor", cursor);
    return exchange.url("/v1/jobs?")
        + parameters.entrySet().stream()
            .map(each -> encode(each.getKey()) + "=" + encode(each.getValue()))
            .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Problem invalid(String name, String detail) {
    return Problem.at(ProblemCode.INVALID_REQUEST, "?" + name, detail);
  }

  private static Set<String> parameters() {
    Set<String> all = new HashSet<>(FILTERS);
    all.addAll(Set.of("limit", "cursor", "include"));
    return Set.copyOf(all);
  }
}
