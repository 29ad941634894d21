package dev.coatcheck.store.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * How many members of each lease of this node are not over yet. A lease whose members are all over
 * is deleted in a later transaction than the one that ended the last: never before that is durable.
 * What is forgotten here is found by rescue.
 */
final class Holdings {

  private final Map<UUID, Integer> members = new HashMap<>();
  private final List<UUID> empty = new ArrayList<>();

  synchronized void begin(UUID lease, int count) {
    if (count > 1) {
      members.put(lease, count);
    }
  }

  /** Members are over, durably. */
  synchronized void end(UUID lease, int count) {
    Integer left = members.computeIfPresent(lease, (id, before) -> before - count);
    if (left != null && left <= 0) {
      members.remove(lease);
      empty.add(lease);
    }
  }

  /** Leases to delete. */
  synchronized List<UUID> takeEmpty() {
    List<UUID> taken = List.copyOf(empty);
    empty.clear();
    return taken;
  }

  /** They were not deleted after all. */
  synchronized void giveBack(List<UUID> leases) {
    empty.addAll(leases);
  }
}
