package dev.coatcheck.store.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks which workers have ready jobs, for many at once. */
final class FirstReady {

  private FirstReady() {}

  /** Those of the workers that have one. */
  static Set<String> of(Session session, LowWater lowWater, Collection<String> workers)
      throws SQLException {
    long now = System.nanoTime();
    Map<String, LowWater.Start> from = new LinkedHashMap<>();
    workers.forEach(worker -> from.put(worker, lowWater.begin(worker, now)));
    Set<String> found = look(session, from);
    // What is not found after a mark may have come before it.
    from.keySet().removeAll(found);
    from.values().removeIf(LowWater.Start.HEAD::equals);
    if (!from.isEmpty()) {
      from.replaceAll((worker, mark) -> LowWater.Start.HEAD);
      found.addAll(look(session, from));
    }
    return found;
  }

  private static Set<String> look(Session session, Map<String, LowWater.Start> from)
      throws SQLException {
    List<LowWater.Start> places = new ArrayList<>(from.values());
    return new LinkedHashSet<>(
        session
            .bind(Sql.FIRST_READY)
            .array("text", from.keySet().toArray())
            .array("text", places.stream().map(LowWater.Start::lane).toArray())
            .array("smallint", places.stream().map(start -> start.place().rank()).toArray())
            .array("uuid", places.stream().map(start -> start.place().id()).toArray())
            .list(Columns::text));
  }
}
