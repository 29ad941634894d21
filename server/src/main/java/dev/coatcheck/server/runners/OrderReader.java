package dev.coatcheck.server.runners;

import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.lend.Order;
import dev.coatcheck.server.body.Faults;
import dev.coatcheck.server.body.Members;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a runner's wish for work. */
final class OrderReader {

  private static final Set<String> MEMBERS =
      Set.of("runner", "name", "workers", "max", "wait", "version");
  private static final int TEXT_MAX = 200;
  private static final int WORKERS_MAX = 100;
  private static final int JOBS_MAX = 100;
  private static final Duration WAIT_MAX = Duration.ofSeconds(60);

  private OrderReader() {}

  /**
   * The order, whose workers are not looked for yet.
   *
   * @throws dev.coatcheck.server.http.Problem that tells everything that is wrong
   */
  static Order read(byte[] body, BooleanSupplier gone) {
    Faults faults = new Faults();
    Members members = Members.of(body, MEMBERS, faults).require("workers");
    @Nullable RunnerId runner = runner(members);
    String name = members.line("name", TEXT_MAX);
    String version = members.line("version", TEXT_MAX);
    List<String> workers = members.strings("workers", WORKERS_MAX);
    JsonNode named = members.get("workers");
    if (named != null && named.isArray() && named.isEmpty()) {
      members.fault("workers", "must name at least one worker");
    }
    Integer max = members.integer("max", 1, JOBS_MAX);
    Duration wait = members.duration("wait", Duration.ZERO, WAIT_MAX);
    faults.check();
    return new Order(
        runner,
        name,
        version,
        workers.stream().distinct().toList(),
        Objects.requireNonNullElse(max, 1),
        Objects.requireNonNullElse(wait, Duration.ZERO),
        gone);
  }

  /** The member {@code runner}; null if it is missing or wrong. */
  static @Nullable RunnerId runner(Members members) {
    String text = members.text("runner", TEXT_MAX);
    if (text == null) {
      return null;
    }
    @Nullable RunnerId runner = RunnerId.parse(text).orElse(null);
    if (runner == null) {
      members.fault("runner", "is not the id of a runner");
    }
    return runner;
  }
}
