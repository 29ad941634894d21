package dev.coatcheck.server.files;

import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.FileId;
import dev.coatcheck.server.http.EntityTag;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.http.Query;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.ByteRange;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/files/{id}/content}: the bytes, always to be saved and never to be shown, with
 * ranges (RFC 9110, 14).
 */
public final class ContentRoutes {

  private static final int RANGES_MAX = 16;

  private final FileDesk desk;

  public ContentRoutes(FileDesk desk) {
    this.desk = desk;
  }

  /** The bytes, or a part of them. */
  public void content(Exchange exchange) throws Exception {
    Query query = exchange.query().only(Set.of("exp", "sig"), null);
    FileId id = FileId.parse(exchange.parameter("id")).orElseThrow(Problem::notFound);
    if (!query.isEmpty()) {
      String exp = query.get("exp").orElse("");
      desk.links().check(id, exp, query.get("sig").orElse(""), desk.now().get());
    }
    StoredFile file = desk.find(exchange);
    String tag = "\"" + file.sha256() + "\"";
    boolean known = EntityTag.matches(exchange.rawHeaders("If-None-Match"), tag);
    ByteRange range = known ? null : range(exchange, file, tag);
    headers(exchange, file);
    if (known) {
      exchange.empty(304);
    } else {
      send(exchange, file, range);
    }
  }

  private static void headers(Exchange exchange, StoredFile file) {
    exchange
        .answerHeader("Content-Disposition", FileName.attachment(file.name()))
        .answerHeader("Content-Security-Policy", "sandbox")
        .answerHeader("Referrer-Policy", "no-referrer")
        .answerHeader("Cache-Control", "private")
        .answerHeader("Accept-Ranges", "bytes")
        .answerHeader("ETag", "\"" + file.sha256() + "\"");
  }

  /** The one part that is asked for; null for the whole. */
  private static @Nullable ByteRange range(Exchange exchange, StoredFile file, String tag) {
    List<String> given = exchange.rawHeaders("Range");
    String condition = exchange.header("If-Range");
    boolean other = condition != null && !condition.trim().equals(tag);
    if (given.isEmpty() || other || !given.getFirst().trim().startsWith("bytes=")) {
      return null;
    }
    long asked = given.stream().flatMapToInt(String::chars).filter(c -> c == ',').count() + 1;
    List<ByteRange> ranges = ByteRange.parse(given, file.size());
    if (asked > RANGES_MAX || ranges.isEmpty()) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, 416, "The file has no such range.")
          .header("Content-Range", ByteRange.toNonSatisfiableHeaderValue(file.size()));
    }
    return ranges.size() == 1 ? ranges.getFirst() : null;
  }

  private void send(Exchange exchange, StoredFile file, @Nullable ByteRange range)
      throws IOException {
    HttpServletResponse response = exchange.response();
    response.setContentType(ContentType.served(file.contentType()));
    response.setStatus(range == null ? 200 : 206);
    long length = range == null ? file.size() : range.getLength();
    Optional.ofNullable(range)
        .ifPresent(part -> response.setHeader("Content-Range", part.toHeaderValue(file.size())));
    response.setContentLengthLong(length);
    if (exchange.head()) {
      return;
    }
    try (InputStream in = desk.files().open(file, range == null ? 0 : range.first())) {
      copy(in, response.getOutputStream(), length);
    }
  }

  private static void copy(InputStream in, OutputStream out, long length) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long left = length;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new IOException("the file is shorter than recorded");
      }
      out.write(buffer, 0, read);
      left -= read;
    }
  }
}
