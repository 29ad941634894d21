package dev.coatcheck.store.folder;

import java.nio.file.FileSystems;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** What new files and folders are made with that only this user may read, where there is such. */
public final class OwnerOnly {

  private OwnerOnly() {}

  public static FileAttribute<?>[] folder() {
    return permissions("rwx------");
  }

  public static FileAttribute<?>[] file() {
    return permissions("rw-------");
  }

  private static FileAttribute<?>[] permissions(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
