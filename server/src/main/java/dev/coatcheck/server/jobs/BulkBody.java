package dev.coatcheck.server.jobs;

import dev.coatcheck.job.Payload;
import dev.coatcheck.server.body.Body;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.http.Suggestion;
import dev.coatcheck.server.json.InvalidJsonException;
import dev.coatcheck.server.json.Json;
import dev.coatcheck.server.json.RawJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Cuts a body into many submissions: {@code {"jobs": […]}}, or one JSON object a line. */
final class BulkBody {

  static final int ITEMS_MAX = 10_000;

  private static final String JOBS = "jobs";
  private static final List<String> LINES =
      List.of("application/x-ndjson", "application/ndjson", "application/jsonl");

  private BulkBody() {}

  /** The text of each submission, from 1 to {@value #ITEMS_MAX}. */
  static List<byte[]> read(Exchange exchange, long limit) throws InterruptedException {
    List<byte[]> items =
        LINES.stream().anyMatch(exchange::of)
            ? lines(exchange.anyBody(limit))
            : items(exchange.jsonBody(limit));
    if (items.isEmpty() || items.size() > ITEMS_MAX) {
      throw Problem.at(
          ProblemCode.VALIDATION_FAILED, "/" + JOBS, "must have from 1 to " + ITEMS_MAX + " items");
    }
    return items;
  }

  private static List<byte[]> items(byte[] json) {
    try {
      Json.check(json);
    } catch (InvalidJsonException invalid) {
      throw Problem.at(ProblemCode.INVALID_JSON, invalid.pointer(), invalid.detail());
    }
    // The whole is never made a tree of values: one of so many items would take a lot of memory.
    Payload text = Payload.of(RawJson.compact(json));
    Payload jobs = text.bytes()[0] == '{' ? jobs(RawJson.object(text)) : null;
    if (jobs == null || jobs.bytes()[0] != '[') {
      throw jobs == null
          ? Problem.at(ProblemCode.INVALID_REQUEST, "", "the body must be an object")
          : Problem.at(ProblemCode.VALIDATION_FAILED, "/" + JOBS, "must be an array");
    }
    return RawJson.items(jobs).stream().map(Payload::bytes).toList();
  }

  private static Payload jobs(Map<String, Payload> members) {
    for (String name : members.keySet()) {
      if (!name.equals(JOBS)) {
        String hint =
            Suggestion.of(name, Set.of(JOBS)).map(s -> ", did you mean " + s + "?").orElse("");
        throw Problem.at(ProblemCode.UNKNOWN_FIELD, "/" + Json.escape(name), "is not known" + hint);
      }
    }
    Payload jobs = members.get(JOBS);
    if (jobs == null) {
      throw Problem.at(ProblemCode.VALIDATION_FAILED, "/" + JOBS, "is required");
    }
    return jobs;
  }

  /** Empty lines are left out. */
  private static List<byte[]> lines(byte[] text) {
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    for (int end = 0; end <= text.length; end++) {
      if (end == text.length || text[end] == '\n') {
        byte[] line = Arrays.copyOfRange(text, start, end);
        if (!blank(line)) {
          lines.add(line);
        }
        start = end + 1;
      }
    }
    return lines;
  }

  private static boolean blank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  /** One submission. */
  static Body item(byte[] text) {
    return Body.parse(text);
  }
}
