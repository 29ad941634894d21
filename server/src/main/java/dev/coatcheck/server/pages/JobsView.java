package dev.coatcheck.server.pages;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.server.http.Query;
import dev.coatcheck.server.jobs.Listing;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A page of jobs.
 *
 * @param query the filters as the URL has them
 * @param tags metadata keys that can be filtered by
 * @param next cursor of the page after this; null if this is the last
 * @param base scheme and host of this server
 */
public record JobsView(
    Query query,
    List<String> tags,
    List<Job> jobs,
    @Nullable String next,
    List<WorkerView> workers,
    String base,
    Instant now) {

  private static final String CURSOR = "cursor";

  /** A choice of the status filter. */
  public record Choice(String label, String url, boolean current) {}

  public String filter(String name) {
    return query.get(name).orElse("");
  }

  /** Whether nothing is filtered. */
  public boolean everything() {
    return query.all().keySet().stream().allMatch(CURSOR::equals);
  }

  /** Whether a filter is set that is not shown at first sight. */
  public boolean narrowed() {
    return query.all().keySet().stream()
        .anyMatch(name -> name.startsWith("created_") || name.startsWith("metadata."));
  }

  public boolean newest() {
    return query.get(CURSOR).isEmpty();
  }

  public String newestUrl() {
    return url("/", CURSOR, null);
  }

  public String olderUrl() {
    return url("/", CURSOR, next);
  }

  public String streamUrl() {
    return url("/pages/jobs/stream", "", null);
  }

  public List<Choice> statuses() {
    List<Choice> choices = new ArrayList<>();
    String present = filter("status");
    choices.add(new Choice("All", status(null), present.isEmpty()));
    choices.add(new Choice("Open", status(Listing.OPEN), present.equals(Listing.OPEN)));
    for (JobStatus status : JobStatus.values()) {
      String name = status.wire();
      String label = name.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + name.substring(1);
      choices.add(new Choice(label.replace('_', ' '), status(name), present.equals(name)));
    }
    return choices;
  }

  private String status(@Nullable String name) {
    Map<String, String> parameters = new TreeMap<>(query.all());
    parameters.remove(CURSOR);
    return url("/", parameters, "status", name);
  }

  private String url(String path, String name, @Nullable String value) {
    return url(path, new TreeMap<>(query.all()), name, value);
  }

  private static String url(
      String path, Map<String, String> parameters, String name, @Nullable String value) {
    if (value == null) {
      parameters.remove(name);
    } else {
      parameters.put(name, value);
    }
    String text =
        parameters.entrySet().stream()
            .map(each -> encode(each.getKey()) + "=" + encode(each.getValue()))
            .collect(Collectors.joining("&"));
    return text.isEmpty() ? path : path + "?" + text;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Equal as long as the page would show the same but for the passing of time. */
  Object state() {
    List<Object> counts = new ArrayList<>();
    workers.forEach(worker -> {
      counts.add(worker.counts());
      counts.add(worker.stats().finished());
    });
    return List.of(jobs, counts);
  }
}
