package dev.coatcheck.server.files;

import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.keep.Files;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * What the routes of files share.
 *
 * @param uploadMax bytes of one file
 * @param fieldsMax bytes of a form's fields
 */
public record FileDesk(
    Files files, Links links, Supplier<Instant> now, long uploadMax, long fieldsMax) {

  TenantId tenant() {
    return TenantId.DEFAULT;
  }

  /** A file with a new link to its content. */
  public FileLink link(FileId id) {
    return files
        .find(tenant(), id)
        .map(file -> new FileLink(id, file, links.mint(id, now.get())))
        .orElseGet(() -> new FileLink(id, null, null));
  }

  /** The file that the path names. */
  StoredFile find(Exchange exchange) {
    return FileId.parse(exchange.parameter("id"))
        .flatMap(id -> files.find(tenant(), id))
        .orElseThrow(Problem::notFound);
  }

  Form form(Exchange exchange) throws InterruptedException {
    return FormReader.read(exchange, files, tenant(), new FormReader.Limits(uploadMax, fieldsMax));
  }
}
