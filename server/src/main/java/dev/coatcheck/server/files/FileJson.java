package dev.coatcheck.server.files;

import dev.coatcheck.file.StoredFile;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.json.JsonOut;

/** A file in JSON. */
final class FileJson {

  private FileJson() {}

  static byte[] of(FileDesk desk, Exchange exchange, StoredFile file) {
    String link = desk.links().mint(file.id(), desk.now().get());
    return JsonOut.object(out -> {
      out.string("id", file.id().toString());
      out.string("name", file.name());
      out.string("content_type", file.contentType());
      out.number("size", file.size());
      out.string("sha256", file.sha256());
      out.instant("created_at", file.createdAt());
      out.instant("expires_at", file.expiresAt());
      out.object(
          "urls",
          urls -> {
            urls.string("self", exchange.url("/v1/files/" + file.id()));
            urls.string("content", exchange.url(link));
          });
    });
  }
}
