package dev.coatcheck.server.contract;

import com.networknt.schema.Error;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Schemas that choose between members: {@code oneOf} of {@code required} for exactly one of them,
 * {@code not} of {@code required} for not all of them together. What the validator says of these
 * names no member, or each as if it were missing.
 */
final class Choice {

  private Choice() {}

  /** What is wrong, in words; empty if the schema is of another form. */
  static Optional<String> of(Error error) {
    JsonNode schema = error.getSchemaNode();
    if (schema == null) {
      return Optional.empty();
    }
    return switch (String.valueOf(error.getKeyword())) {
      case "oneOf" -> members(schema).map(all -> "needs exactly one of " + String.join(", ", all));
      case "not" ->
          only(schema).map(all -> "must not have " + String.join(" and ", all) + " together");
      default -> Optional.empty();
    };
  }

  /** Whether the error is of one branch of a choice; the choice itself says more. */
  static boolean isAside(Error error) {
    return "required".equals(error.getKeyword())
        && String.valueOf(error.getEvaluationPath()).contains("/oneOf/");
  }

  /** The members that the branches require, one each. */
  private static Optional<List<String>> members(JsonNode branches) {
    List<String> members = new ArrayList<>();
    for (JsonNode branch : branches) {
      Optional<List<String>> required = only(branch).filter(all -> all.size() == 1);
      if (required.isEmpty()) {
        return Optional.empty();
      }
      members.addAll(required.get());
    }
    return Optional.of(members);
  }

  /** What a schema requires that says nothing else. */
  private static Optional<List<String>> only(JsonNode schema) {
    JsonNode required = schema.path("required");
    return schema.size() == 1 && required.isArray()
        ? Optional.of(required.valueStream().map(JsonNode::asString).toList())
        : Optional.empty();
  }
}
