package dev.coatcheck.chaos;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * A base backup of a server that runs, by its low-level interface ("Making a Base Backup Using the
 * Low Level API" in the PostgreSQL manual).
 */
record Copy(Path from, Path to) {

  /** Folders of which only the folder is wanted. */
  private static final Set<String> EMPTY =
      Set.of(
          "pg_wal",
          "pg_replslot",
          "pg_dynshmem",
          "pg_notify",
          "pg_serial",
          "pg_snapshots",
          "pg_stat_tmp",
          "pg_subtrans");

  private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts");

  void of(DatabaseServer server) throws SQLException, IOException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_backup_start('follower', true)");
      Files.walkFileTree(from, new Visitor());
      String label =
          DatabaseServer.first(
              statement, "SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)");
      Files.writeString(to.resolve("backup_label"), label);
    }
  }

  private final class Visitor extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      Files.createDirectory(
          target(folder),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      boolean empty = EMPTY.contains(from.relativize(folder).toString());
      return empty ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (!LEFT_OUT.contains(file.getFileName().toString())) {
        try {
          Files.copy(file, target(file));
        } catch (NoSuchFileException gone) {
          return FileVisitResult.CONTINUE;
        }
      }
      return FileVisitResult.CONTINUE;
    }

    /** A server that runs deletes files, too. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    private Path target(Path source) {
      return to.resolve(from.relativize(source).toString());
    }
  }
}
