package dev.coatcheck.server.files;

import dev.coatcheck.file.StoredFile;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A form that was read (RFC 7578), its parts by name in their order.
 *
 * @param parts texts, and files that are stored already
 */
record Form(Map<String, Part> parts) {

  /** One part. */
  sealed interface Part {}

  /**
   * A field.
   *
   * @param contentType as declared; null if not
   */
  record Text(byte[] bytes, @Nullable String contentType) implements Part {}

  /** A file, stored. */
  record Uploaded(StoredFile file) implements Part {}
}
