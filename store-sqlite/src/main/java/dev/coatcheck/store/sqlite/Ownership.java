package dev.coatcheck.store.sqlite;

import dev.coatcheck.store.StoreRefusedException;
import dev.coatcheck.store.folder.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The right of this process to the file, held by a lock of the operating system beside it. */
public final class Ownership implements AutoCloseable {

  private final FileChannel channel;
  private final FileLock lock;

  private Ownership(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /** Makes the file if it is missing, readable by its owner only, and takes it. */
  static Ownership take(Path file) {
    Ownership taken = of(file);
    try {
      create(file.toAbsolutePath());
      return taken;
    } catch (IOException e) {
      taken.close();
      throw new StoreRefusedException("cannot open " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Takes a file, be it there or not: nobody else opens it meanwhile.
   *
   * @throws StoreRefusedException if it is in use, or its directory cannot be written to
   */
  public static Ownership of(Path file) {
    Path path = file.toAbsolutePath();
    Path directory = path.getParent();
    try {
      if (directory != null && !Files.isDirectory(directory)) {
        Files.createDirectories(directory, OwnerOnly.folder());
      }
      if (directory != null && !Files.isWritable(directory)) {
        throw new StoreRefusedException("cannot write to directory " + directory, null);
      }
      Path lockFile = path.resolveSibling(path.getFileName() + ".lock");
      create(lockFile);
      FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
      FileLock lock = lock(channel);
      if (lock == null) {
        channel.close();
        throw new StoreRefusedException(
            path + " is in use: another process, or another store in this one, has it open", null);
      }
      return new Ownership(channel, lock);
    } catch (IOException e) {
      throw new StoreRefusedException("cannot open " + path + ": " + e.getMessage(), e);
    }
  }

  /** Whether another process has the file. It is left alone. */
  static boolean elsewhere(Path file) {
    Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
    if (!Files.isWritable(lockFile)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
      FileLock lock = lock(channel);
      if (lock == null) {
        return true;
      }
      lock.release();
      return false;
    } catch (IOException e) {
      throw new StoreRefusedException("cannot look at " + lockFile + ": " + e.getMessage(), e);
    }
  }

  private static @org.jspecify.annotations.Nullable FileLock lock(FileChannel channel)
      throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldHere) {
      return null;
    }
  }

  private static void create(Path file) throws IOException {
    try {
      Files.createFile(file, OwnerOnly.file());
    } catch (FileAlreadyExistsException there) {
      // It keeps the permissions that its owner gave it.
    }
  }

  @Override
  public void close() {
    try {
      lock.release();
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
