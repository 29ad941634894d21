package dev.coatcheck.store.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks which workers have ready jobs, for many at once. */
final class FirstReady {

  private record First(String worker, LowWater.Place place) {}

  private FirstReady() {}

  /** Those of the workers that have one. */
  static Set<String> of(Session session, LowWater lowWater, Collection<String> workers)
      throws SQLException {
    long start = System.nanoTime();
    Map<String, LowWater.Place> from = new LinkedHashMap<>();
    workers.forEach(worker -> from.put(worker, lowWater.begin(worker, start)));
    List<LowWater.Place> places = new ArrayList<>(from.values());
    Map<String, LowWater.Place> found = new LinkedHashMap<>();
    for (First first :
        session
            .bind(Sql.FIRST_READY)
            .array("text", from.keySet().toArray())
            .array("smallint", places.stream().map(LowWater.Place::rank).toArray())
            .array("uuid", places.stream().map(LowWater.Place::id).toArray())
            .list(row ->
                new First(row.text(), new LowWater.Place(row.count(), row.requiredUuid())))) {
      found.put(first.worker(), first.place());
    }
    long end = System.nanoTime();
    from.forEach(
        (worker, place) -> lowWater.looked(worker, place, 1, found.get(worker), end, end - start));
    return found.keySet();
  }
}
