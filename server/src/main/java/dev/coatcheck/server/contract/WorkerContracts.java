package dev.coatcheck.server.contract;

import com.networknt.schema.Schema;
import dev.coatcheck.job.Payload;
import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.submit.Catalog;
import dev.coatcheck.worker.WorkerSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The workers that can be submitted to, with their schemas compiled once a version. */
public final class WorkerContracts {

  private static final int COMPILED_MAX = 2_000;

  private final Catalog catalog;
  private final Map<Place, Optional<Schema>> compiled = new ConcurrentHashMap<>();

  private record Place(String worker, int version, boolean output) {}

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
    return Schemas.check(schema(worker), input, prefix);
  }

  /** What of an output breaks the contract that its job was accepted under. */
  public List<Fault> checkOutput(String worker, int version, JsonNode output, String prefix) {
    Place place = new Place(worker, version, true);
    return Schemas.check(
        schema(place, () -> catalog.version(worker, version).outputSchema()), output, prefix);
  }

  private Optional<Schema> schema(KnownWorker worker) {
    WorkerSpec spec = worker.spec();
    return schema(new Place(spec.name(), worker.version(), false), spec::inputSchema);
  }

  private Optional<Schema> schema(Place place, Supplier<@Nullable Payload> text) {
    Optional<Schema> present = compiled.get(place);
    if (present == null) {
      if (compiled.size() >= COMPILED_MAX) {
        compiled.clear();
      }
      present = Optional.ofNullable(text.get()).map(Schemas::compile);
      compiled.put(place, present);
    }
    return present;
  }
}
