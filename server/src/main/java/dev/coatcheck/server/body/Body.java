package dev.coatcheck.server.body;

import dev.coatcheck.job.Payload;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.http.Suggestion;
import dev.coatcheck.server.json.InvalidJsonException;
import dev.coatcheck.server.json.Json;
import dev.coatcheck.server.json.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A JSON body: as values to look at, and as text to pass on. */
public record Body(JsonNode node, Payload text) {

  public static Body parse(byte[] bytes) {
    try {
      return new Body(Json.parse(bytes), Payload.of(RawJson.compact(bytes)));
    } catch (InvalidJsonException invalid) {
      throw Problem.at(ProblemCode.INVALID_JSON, invalid.pointer(), invalid.detail());
    }
  }

  /** Refuses anything but an object of these members. */
  public Body members(Set<String> known) {
    if (!node.isObject()) {
      throw Problem.at(ProblemCode.INVALID_REQUEST, "", "the body must be an object");
    }
    List<Problem.Fault> faults = new ArrayList<>();
    for (String name : node.propertyNames()) {
      if (!known.contains(name)) {
        String hint = Suggestion.of(name, known).map(s -> ", did you mean " + s + "?").orElse("");
        faults.add(new Problem.Fault("/" + Json.escape(name), "is not known" + hint));
      }
    }
    if (!faults.isEmpty()) {
      throw Problem.of(ProblemCode.UNKNOWN_FIELD, faults);
    }
    return this;
  }

  /** The text of a member, unaltered. */
  public Optional<Payload> member(String name) {
    int place = List.copyOf(node.propertyNames()).indexOf(name);
    return place < 0 ? Optional.empty() : Optional.of(RawJson.values(text).get(place));
  }
}
