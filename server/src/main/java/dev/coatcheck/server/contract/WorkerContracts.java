package dev.coatcheck.server.contract;

import dev.coatcheck.store.Reader.KnownWorker;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.coatcheck.job.Payload;
import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.server.json.Json;
import dev.coatcheck.submit.Catalog;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.JsonNodeException;

/** The workers that can be submitted to, with their input schemas compiled once a version. */
public final class WorkerContracts {

  private static final int FAULTS_MAX = 50;

  private final Catalog catalog;
  private final Map<String, Compiled> compiled = new ConcurrentHashMap<>();
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().locale(Locale.ENGLISH).build()));

  private record Compiled(int version, Optional<Schema> schema) {}

  public WorkerContracts(Catalog catalog) {
    this.catalog = catalog;
  }

  public Optional<KnownWorker> get(String worker) {
    return catalog.get(worker);
  }

  public List<KnownWorker> all() {
    return catalog.all();
  }

  /** The worker's input schema as JSON; null if it has none. */
  public @Nullable JsonNode inputSchema(KnownWorker worker) {
    return schema(worker).map(Schema::getSchemaNode).orElse(null);
  }

  /** What of an input breaks the worker's schema, with pointers under the prefix. */
  public List<Fault> check(KnownWorker worker, JsonNode input, String prefix) {
    Optional<Schema> schema = schema(worker);
    if (schema.isEmpty()) {
      return List.of();
    }
    try {
      return schema.get().validate(input).stream()
          .filter(error -> !Choice.isAside(error))
          .limit(FAULTS_MAX)
          .map(error -> fault(error, prefix))
          .distinct()
          .toList();
    } catch (JsonNodeException | ArithmeticException outOfRange) {
      // The validator compares numbers as longs without looking whether they fit.
      return List.of(new Fault(prefix, "has a number that is out of range"));
    }
  }

  private Optional<Schema> schema(KnownWorker worker) {
    String name = worker.spec().name();
    Compiled present = compiled.get(name);
    if (present == null || present.version != worker.version()) {
      present = new Compiled(worker.version(), compile(worker.spec().inputSchema()));
      compiled.put(name, present);
    }
    return present.schema;
  }

  private Optional<Schema> compile(@Nullable Payload text) {
    if (text == null) {
      return Optional.empty();
    }
    Schema schema = registry.getSchema(text.text());
    schema.initializeValidators();
    return Optional.of(schema);
  }

  private static Fault fault(com.networknt.schema.Error error, String prefix) {
    String place = prefix + error.getInstanceLocation();
    String property = error.getProperty();
    if (property != null
        && List.of("required", "additionalProperties").contains(error.getKeyword())) {
      place = place + "/" + Json.escape(property);
    }
    return new Fault(place, detail(error));
  }

  private static String detail(com.networknt.schema.Error error) {
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
