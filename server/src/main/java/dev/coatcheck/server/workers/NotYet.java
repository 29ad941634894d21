package dev.coatcheck.server.workers;

import dev.coatcheck.server.body.Members;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Members of definitions that have one value so far: the one that changes nothing. */
final class NotYet {

  private static final List<String> NULL_ONLY = List.of("eta_by", "webhook");

  private NotYet() {}

  /** Notes what is asked for and cannot be had. */
  static void refuse(Members members) {
    for (String name : NULL_ONLY) {
      if (members.get(name) != null) {
        members.fault(name, "is not supported yet, only null");
      }
    }
    JsonNode price = members.get("price");
    if (price != null && !free(price)) {
      members.fault("price", "is not supported yet, only {\"fixed\": 0}");
    }
  }

  private static boolean free(JsonNode price) {
    return price.isObject()
        && price.properties().stream().map(Map.Entry::getKey).allMatch("fixed"::equals)
        && (price.path("fixed").isMissingNode()
            || (price.path("fixed").isNumber()
                && price.path("fixed").decimalValue().signum() == 0));
  }
}
