package dev.coatcheck.store.postgres;

import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.Upkeep;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of files: recorded, referred to by jobs, forgotten when nobody needs them. */
final class FileStep {

  /** How long an expired file stays that an open job refers to, until that is looked at again. */
  static final Duration STILL_USED = Duration.ofHours(1);

  private record Old(FileId id, boolean used) {}

  private FileStep() {}

  static Result add(Turn turn, StoredFile file) throws SQLException {
    turn.bind(Sql.INSERT_FILE)
        .file(file.id())
        .text(file.tenant().value())
        .text(file.name())
        .text(file.contentType())
        .number(file.size())
        .text(file.sha256())
        .time(file.createdAt())
        .time(file.expiresAt())
        .update();
    turn.news().due(Upkeep.PRUNE, file.expiresAt());
    return new Result.FileAdded();
  }

  /** The first of the files that the tenant does not have; null if it has all. */
  static @Nullable FileId missing(Turn turn, TenantId tenant, List<FileId> files)
      throws SQLException {
    for (FileId id : files) {
      if (find(turn.bind(Sql.FIND_FILE), tenant, id) == null) {
        return id;
      }
    }
    return null;
  }

  static void use(Turn turn, JobId job, List<FileId> files) throws SQLException {
    for (FileId id : files) {
      turn.bind(Sql.INSERT_FILE_USE).file(id).id(job).update();
    }
  }

  static @Nullable StoredFile find(Bind query, TenantId tenant, FileId id) throws SQLException {
    return query
        .file(id)
        .text(tenant.value())
        .first(row ->
            new StoredFile(
                id,
                tenant,
                row.text(),
                row.text(),
                row.number(),
                row.text(),
                row.time(),
                row.time()));
  }

  /** Deletes expired files that no open job refers to; how many were looked at. */
  static int prune(Turn turn, int max) throws SQLException {
    List<Old> due = due(turn, max);
    Instant later = turn.now().plus(STILL_USED);
    for (Old file : due) {
      if (file.used()) {
        turn.bind(Sql.KEEP_FILE).file(file.id()).time(later).update();
      } else {
        turn.bind(Sql.DELETE_FILE_USES).file(file.id()).update();
        turn.bind(Sql.DELETE_FILE).file(file.id()).update();
      }
    }
    return due.size();
  }

  private static List<Old> due(Turn turn, int max) throws SQLException {
    return turn.bind(Sql.PRUNE_FILES_DUE)
        .time(turn.now())
        .number(max)
        .list(row -> new Old(row.fileId(), row.flag()));
  }
}
