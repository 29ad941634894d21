package dev.coatcheck.server.contract;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.coatcheck.job.Payload;
import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.server.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.JsonNodeException;

/** Compiles JSON Schema and says in our words what a value breaks of it. */
final class Schemas {

  private static final int FAULTS_MAX = 50;

  private Schemas() {}

  /** Fetches nothing, and shares nothing with another: two schemas may have the same id. */
  static SchemaRegistry registry() {
    return SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_2020_12,
        builder ->
            builder
                .schemaLoader(loader -> loader.block(iri -> !SchemaDocument.isDialect(iri)))
                .schemaRegistryConfig(
                    SchemaRegistryConfig.builder().locale(Locale.ENGLISH).build()));
  }

  static Schema compile(Payload text) {
    Schema schema = registry().getSchema(text.text());
    schema.initializeValidators();
    return schema;
  }

  /** What of a value breaks the schema, with pointers under the prefix. */
  static List<Fault> check(Optional<Schema> schema, JsonNode value, String prefix) {
    if (schema.isEmpty()) {
      return List.of();
    }
    try {
      return validate(schema.get(), value, prefix);
    } catch (JsonNodeException | ArithmeticException outOfRange) {
      // The validator compares numbers as longs without looking whether they fit.
      return List.of(new Fault(prefix, "has a number that is out of range"));
    } catch (StackOverflowError endless) {
      return List.of(new Fault(prefix, "cannot be checked: the schema refers to itself endlessly"));
    }
  }

  /** As {@link #check}, without a net. */
  static List<Fault> validate(Schema schema, JsonNode value, String prefix) {
    return schema.validate(value).stream()
        .filter(error -> !Choice.isAside(error))
        .limit(FAULTS_MAX)
        .map(error -> fault(error, prefix))
        .distinct()
        .toList();
  }

  private static Fault fault(Error error, String prefix) {
    String place = prefix + error.getInstanceLocation();
    String property = error.getProperty();
    if (property != null
        && List.of("required", "additionalProperties").contains(error.getKeyword())) {
      place = place + "/" + Json.escape(property);
    }
    return new Fault(place, detail(error));
  }

  private static String detail(Error error) {
    String message = error.getMessage();
    return switch (String.valueOf(error.getKeyword())) {
      case "required" -> "is required";
      case "additionalProperties" -> "is not known to the worker";
      default -> Choice.of(error).orElseGet(() -> plain(message));
    };
  }

  /** The validator's own words, without the place that they begin with. */
  private static String plain(@Nullable String message) {
    return message == null ? "is not valid" : message.replaceFirst("^\\S*: ", "");
  }
}
