package dev.coatcheck.server.backup;

import dev.coatcheck.store.folder.FolderBlobs;
import java.time.InstantSource;

/**
 * Takes backups of the store that this process has open.
 *
 * @param blobs the folder of the place
 */
public record Backups(Place place, FolderBlobs blobs, InstantSource clock) {

  Backup take() {
    return Backup.take(place, blobs, clock);
  }
}
