package dev.coatcheck.store.postgres;

import dev.coatcheck.store.Durability;
import dev.coatcheck.store.Durability.Survives;
import java.sql.SQLException;
import java.util.Objects;

/** What a commit of the database survives, by its settings. */
record Promises(
    boolean fsync, boolean wholePages, String commit, boolean namesStandbys, int attached) {

  static Durability read(Session session) throws SQLException {
    return Objects.requireNonNull(
            session
                .bind(Sql.DURABILITY)
                .first(row ->
                    new Promises(row.flag(), row.flag(), row.text(), row.flag(), row.count())))
        .durability();
  }

  Durability durability() {
    if (commit.equals("off")) {
      return new Durability(Survives.NOTHING, "synchronous_commit is off");
    }
    if (!fsync || !wholePages) {
      String off = fsync ? "full_page_writes" : "fsync";
      return new Durability(Survives.PROCESS_CRASH, off + " is off");
    }
    if (!namesStandbys || commit.equals("local")) {
      return new Durability(Survives.MACHINE_CRASH, "a commit waits for the disk of one server");
    }
    String with = "a commit waits for a synchronous standby";
    return new Durability(
        Survives.MACHINE_LOSS, attached > 0 ? with : with + ", and none is seen at present");
  }
}
