package dev.coatcheck.server.workers;

import dev.coatcheck.server.body.Faults;
import dev.coatcheck.server.body.Members;
import dev.coatcheck.server.json.Json;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * References to the environment and to files of the server. They are read in its configuration file
 * only: over the API, whoever may define a worker could have any secret of the server told.
 */
final class FromFile {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{\\s*(?:env|file)\\s*:");

  private FromFile() {}

  /** Notes every such reference. */
  static void refuse(Members members, Set<String> names, Faults faults) {
    for (String name : names) {
      JsonNode node = members.get(name);
      if (node != null) {
        look(node, "/" + name, faults);
      }
    }
  }

  private static void look(JsonNode node, String place, Faults faults) {
    if (node.isString() && REFERENCE.matcher(node.stringValue()).find()) {
      faults.add(place, "${env:…} and ${file:…} are read in the configuration file only");
    } else if (node.isObject()) {
      node.properties()
          .forEach(member ->
              look(member.getValue(), place + "/" + Json.escape(member.getKey()), faults));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        look(node.get(i), place + "/" + i, faults);
      }
    }
  }
}
