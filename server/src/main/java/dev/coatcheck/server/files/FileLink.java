package dev.coatcheck.server.files;

import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.FileId;
import dev.coatcheck.server.json.JsonOut;
import org.jspecify.annotations.Nullable;

/**
 * A file as others tell of it.
 *
 * @param about null if it is no longer kept
 * @param path path and query of a link to its content
 */
public record FileLink(FileId id, @Nullable StoredFile about, @Nullable String path) {

  /** Writes its members. */
  public void write(JsonOut out, String base) {
    out.string("id", id.toString());
    out.string("name", about == null ? null : about.name());
    out.string("content_type", about == null ? null : about.contentType());
    out.number("size", about == null ? null : about.size());
    out.string("url", path == null ? null : base + path);
  }
}
