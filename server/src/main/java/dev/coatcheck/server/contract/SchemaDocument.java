package dev.coatcheck.server.contract;

import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import dev.coatcheck.job.Payload;
import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.server.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Looks whether a document is a JSON Schema (draft 2020-12) that inputs can be checked against. */
public final class SchemaDocument {

  private static final String DRAFT = "https://json-schema.org/draft/2020-12/";
  private static final String DIALECT = DRAFT + "schema";
  private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef", "$recursiveRef");
  private static final int BYTES_MAX = 256 * 1024;
  private static final int DEPTH_MAX = 32;

  private SchemaDocument() {}

  static boolean isDialect(AbsoluteIri iri) {
    return iri.toString().startsWith(DRAFT);
  }

  /** What is wrong with the document, with pointers under the prefix; nothing if it can be used. */
  public static List<Fault> check(JsonNode document, Payload text, String prefix) {
    if (!document.isObject() && !document.isBoolean()) {
      return List.of(new Fault(prefix, "must be a JSON Schema: an object, true or false"));
    }
    if (text.size() > BYTES_MAX) {
      return List.of(new Fault(prefix, "must have at most " + BYTES_MAX + " bytes"));
    }
    List<Fault> faults = new ArrayList<>();
    look(document, prefix, 0, faults);
    if (faults.isEmpty()) {
      faults.addAll(againstDialect(document, prefix));
    }
    if (faults.isEmpty()) {
      faults.addAll(tried(text, prefix));
    }
    return faults;
  }

  /** Nothing is fetched, so a schema must have in it what it refers to. */
  private static void look(JsonNode node, String place, int depth, List<Fault> faults) {
    if (depth > DEPTH_MAX) {
      faults.add(new Fault(place, "is nested more than " + DEPTH_MAX + " deep"));
      return;
    }
    if (node.isObject()) {
      node.properties()
          .forEach(member -> {
            String name = member.getKey();
            String at = place + "/" + Json.escape(name);
            String value = member.getValue().asString("");
            if (REFERENCES.contains(name) && !value.startsWith("#")) {
              faults.add(new Fault(at, "must refer to the schema itself (#…): nothing is fetched"));
            } else if (name.equals("$schema") && !value.equals(DIALECT)) {
              faults.add(new Fault(at, "must be " + DIALECT));
            } else {
              look(member.getValue(), at, depth + 1, faults);
            }
          });
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        look(node.get(i), place + "/" + i, depth + 1, faults);
      }
    }
  }

  private static List<Fault> againstDialect(JsonNode document, String prefix) {
    Schema dialect = Schemas.registry().getSchema(SchemaLocation.of(DIALECT));
    return Schemas.check(Optional.of(dialect), document, prefix);
  }

  /** Whether it compiles, and comes to an end with any value: some faults show only then. */
  private static List<Fault> tried(Payload text, String prefix) {
    try {
      Schema schema = Schemas.compile(text);
      JsonNodeFactory make = JsonNodeFactory.instance;
      List<JsonNode> values =
          List.of(
              make.objectNode().put("a", 1),
              make.arrayNode().add(1),
              make.stringNode("a"),
              make.numberNode(1),
              make.nullNode());
      for (JsonNode value : values) {
        Schemas.validate(schema, value, prefix);
      }
      return List.of();
    } catch (SchemaException | IllegalArgumentException refused) {
      String why = String.valueOf(refused.getMessage());
      String brief = why.length() > 200 ? why.substring(0, 200) : why;
      return List.of(new Fault(prefix, "cannot be used as a schema: " + brief));
    } catch (StackOverflowError endless) {
      return List.of(new Fault(prefix, "refers to itself endlessly"));
    }
  }
}
