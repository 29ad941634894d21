package dev.coatcheck.server.pages;

import dev.coatcheck.job.DeadLetter.State;
import dev.coatcheck.job.DeadLetterEntry;
import dev.coatcheck.job.DeadLetterGroup;
import dev.coatcheck.operation.Operation;
import dev.coatcheck.server.http.Query;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A page of dead letters.
 *
 * @param query the filters as the URL has them
 * @param groups the largest ones
 * @param next cursor of the page after this; null if this is the last
 * @param operation what was begun on this page last; null if nothing was
 */
public record DeadLettersView(
    Query query,
    List<DeadLetterGroup> groups,
    List<DeadLetterEntry> letters,
    @Nullable String next,
    @Nullable Operation operation,
    Instant now) {

  private static final String PATH = "/dead-letters";
  private static final String STATE = "state";
  private static final String CURSOR = "cursor";
  private static final String OPERATION = "operation";

  /** A choice of the state filter. */
  public record Choice(String label, String url, boolean current) {}

  public String filter(String name) {
    return query.get(name).orElse("");
  }

  /** Whether nothing is filtered but for the state. */
  public boolean everything() {
    return filters().isEmpty();
  }

  /** Whether the letters shown can be decided on. */
  public boolean open() {
    return state().equals(State.OPEN.wire());
  }

  private String state() {
    return query.get(STATE).orElse(State.OPEN.wire());
  }

  /** The filters that a form sends along, but for the state. */
  public Map<String, String> filters() {
    Map<String, String> filters = new TreeMap<>(query.all());
    filters.keySet().removeAll(List.of(STATE, CURSOR, OPERATION));
    return filters;
  }

  public List<Choice> states() {
    List<Choice> choices = new ArrayList<>();
    for (State state : State.values()) {
      String name = state.wire();
      Map<String, String> parameters = filters();
      parameters.put(STATE, name);
      choices.add(
          new Choice(
              name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1),
              url(parameters),
              name.equals(state())));
    }
    return choices;
  }

  /** The letters of one group. */
  public String url(DeadLetterGroup group) {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("worker", group.worker());
    parameters.put("code", group.code().wire());
    parameters.put("fingerprint", group.fingerprint());
    parameters.put(STATE, state());
    return url(parameters);
  }

  /** The letters that look like one. */
  static String url(DeadLetterEntry letter) {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("worker", letter.worker());
    parameters.put("code", letter.code().wire());
    parameters.put("fingerprint", letter.fingerprint());
    parameters.put(STATE, letter.state().wire());
    return url(parameters);
  }

  public boolean newest() {
    return query.get(CURSOR).isEmpty();
  }

  public String newestUrl() {
    Map<String, String> parameters = filters();
    parameters.put(STATE, state());
    return url(parameters);
  }

  public String olderUrl() {
    Map<String, String> parameters = filters();
    parameters.put(STATE, state());
    parameters.put(CURSOR, String.valueOf(next));
    return url(parameters);
  }

  /** The page as it is now, with how far the operation is. */
  public String againUrl() {
    return url(new TreeMap<>(query.all()));
  }

  static String url(Map<String, String> parameters) {
    String text =
        parameters.entrySet().stream()
            .map(each -> encode(each.getKey()) + "=" + encode(each.getValue()))
            .collect(Collectors.joining("&"));
    return text.isEmpty() ? PATH : PATH + "?" + text;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
