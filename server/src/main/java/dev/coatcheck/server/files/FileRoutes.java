package dev.coatcheck.server.files;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.file.StoredFile;
import dev.coatcheck.keep.Files;
import dev.coatcheck.server.http.BodySink;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Uploads, and what is known of a file. */
public final class FileRoutes {

  private static final String PART = "file";

  private final FileDesk desk;

  public FileRoutes(FileDesk desk) {
    this.desk = desk;
  }

  /** {@code POST /v1/files}: a form with the part {@code file}, or the bytes themselves. */
  public void upload(Exchange exchange) throws Exception {
    boolean form = FormReader.isForm(exchange.header("Content-Type"));
    exchange.query().only(form ? Set.of() : Set.of("name"), null);
    StoredFile file = form ? ofForm(exchange) : raw(exchange);
    exchange.answerHeader("Location", exchange.url("/v1/files/" + file.id()));
    exchange.json(201, FileJson.of(desk, exchange, file));
  }

  private StoredFile ofForm(Exchange exchange) throws InterruptedException {
    Map<String, Form.Part> parts = desk.form(exchange).parts();
    List<Problem.Fault> unknown =
        parts.keySet().stream()
            .filter(name -> !name.equals(PART))
            .map(name -> new Problem.Fault("/" + name, "is not known, the part is named file"))
            .toList();
    if (!unknown.isEmpty()) {
      throw Problem.of(ProblemCode.UNKNOWN_FIELD, unknown);
    }
    if (parts.get(PART) instanceof Form.Uploaded(StoredFile file)) {
      return file;
    }
    throw Problem.at(ProblemCode.INVALID_REQUEST, "/file", "the form has no such file");
  }

  private StoredFile raw(Exchange exchange) throws InterruptedException {
    @Nullable String given = exchange.query().get("name").orElse(null);
    String name = FileName.of(given, "?name");
    String type = ContentType.of(exchange.header("Content-Type"), "Content-Type");
    try (Files.Arrival arrival = desk.files().begin(desk.tenant(), desk.uploadMax())) {
      exchange.stream(desk.uploadMax(), chunk -> write(arrival, BodySink.bytes(chunk)));
      return arrival.record(name, type);
    }
  }

  private static void write(Files.Arrival arrival, byte[] bytes) {
    try {
      arrival.write(bytes, 0, bytes.length);
    } catch (Blobs.TooLargeException unreachable) {
      throw new IllegalStateException("the limit of the body is not above that of the file");
    }
  }

  /** {@code GET /v1/files/{id}}. */
  public void file(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    exchange.json(200, FileJson.of(desk, exchange, desk.find(exchange)));
  }
}
