package dev.coatcheck.server.jobs;

import dev.coatcheck.job.Job;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Query;
import dev.coatcheck.server.json.JsonOut;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code GET /v1/jobs}: pages of jobs, newest first. */
public final class ListRoutes {

  public static final int LIMIT = 50;
  public static final int LIMIT_MAX = 200;

  private static final Set<String> PARAMETERS = parameters();

  private final Desk desk;
  private final Listing listing;

  public ListRoutes(Desk desk, Listing listing) {
    this.desk = desk;
    this.listing = listing;
  }

  public void list(Exchange exchange) throws Exception {
    Query query = exchange.query().only(PARAMETERS, Listing.TAG);
    int limit = limit(query);
    Set<String> include = include(query);
    Listing.Page page = listing.page(query, limit, !include.isEmpty());
    String next = page.next();
    if (next != null) {
      exchange.answerHeader("Link", "<" + nextUrl(exchange, query, next) + ">; rel=\"next\"");
    }
    JobJson.Form form =
        new JobJson.Form(include.contains("input"), include.contains("output"), false, false);
    String base = exchange.url("");
    exchange.json(
        200,
        JsonOut.object(out -> {
          out.array(
              "data",
              items ->
                  page.jobs().forEach(job -> items.item(item -> write(item, job, base, form))));
          out.string("next_cursor", next);
          out.bool("has_more", next != null);
        }));
  }

  private void write(JsonOut out, Job job, String base, JobJson.Form form) {
    JobJson.write(out, job, JobFacts.of(desk, job), base, form);
  }

  /** How many entries of a page a request asks for. */
  public static int limit(Query query) {
    String text = query.get("limit").orElse(Integer.toString(LIMIT));
    int limit = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > LIMIT_MAX) {
      throw Listing.invalid("limit", "must be from 1 to " + LIMIT_MAX);
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
      throw Listing.invalid("include", "must be input, output or both");
    }
    return parts;
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

  private static Set<String> parameters() {
    Set<String> all = new HashSet<>(Listing.FILTERS);
    all.addAll(Set.of("limit", "cursor", "include"));
    return Set.copyOf(all);
  }
}
