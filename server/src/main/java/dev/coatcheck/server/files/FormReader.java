package dev.coatcheck.server.files;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.keep.Files;
import dev.coatcheck.server.http.BodySink;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code multipart/form-data} as it comes: files go to their place piece by piece, fields are
 * gathered in memory up to the limit of a JSON body.
 */
final class FormReader implements MultiPart.Parser.Listener, AutoCloseable {

  static final String TYPE = "multipart/form-data";
  private static final int PARTS_MAX = 100;
  private static final int PART_HEADERS_MAX = 8 * 1024;

  private final Files files;
  private final TenantId tenant;
  private final Limits limits;
  private final Map<String, Form.Part> parts = new LinkedHashMap<>();
  private @Nullable Open open;
  private int textBytes;
  private boolean complete;
  private @Nullable RuntimeException failure;

  /** Headers of the part that comes. */
  private final Map<String, String> headers = new HashMap<>();

  /**
   * What a form may have.
   *
   * @param file bytes of one file
   * @param text bytes of all fields together
   */
  record Limits(long file, long text) {}

  /** The part whose content comes. */
  private record Open(
      String name,
      @Nullable String fileName,
      @Nullable String contentType,
      ByteArrayOutputStream text,
      Files.@Nullable Arrival arrival) {}

  private FormReader(Files files, TenantId tenant, Limits limits) {
    this.files = files;
    this.tenant = tenant;
    this.limits = limits;
  }

  static boolean isForm(@Nullable String contentType) {
    return contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith(TYPE);
  }

  /** Reads the form of a request; its files are stored when this returns. */
  static Form read(Exchange exchange, Files files, TenantId tenant, Limits limits)
      throws InterruptedException {
    String boundary = MultiPart.extractBoundary(exchange.header("Content-Type"));
    if (boundary == null || boundary.isEmpty() || boundary.length() > 70) {
      throw malformed("Content-Type names no boundary");
    }
    try (FormReader reader = new FormReader(files, tenant, limits)) {
      MultiPart.Parser parser = new MultiPart.Parser(boundary, reader);
      parser.setMaxParts(PARTS_MAX);
      parser.setPartHeadersMaxLength(PART_HEADERS_MAX);
      exchange.stream(limits.file() + limits.text(), chunk -> reader.take(parser, chunk));
      if (!reader.complete) {
        throw malformed("its end is missing");
      }
      return new Form(reader.parts);
    }
  }

  private void take(MultiPart.Parser parser, Content.Chunk chunk) {
    parser.parse(chunk);
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
  }

  @Override
  public void onPartBegin() {
    headers.clear();
  }

  @Override
  public void onPartHeader(String name, String value) {
    headers.put(name.toLowerCase(Locale.ROOT), value);
  }

  @Override
  public void onPartHeaders() {
    attempt(this::begin);
  }

  private void begin() {
    Map<String, String> disposition = disposition();
    String name = disposition.get("name");
    if (name == null || name.isEmpty()) {
      throw malformed("a part has no name");
    }
    if (parts.containsKey(name)) {
      throw Problem.at(ProblemCode.INVALID_REQUEST, "/" + name, "given more than once");
    }
    String fileName = disposition.get("filename");
    Files.Arrival arrival = fileName == null ? null : files.begin(tenant, limits.file());
    open =
        new Open(name, fileName, headers.get("content-type"), new ByteArrayOutputStream(), arrival);
  }

  private Map<String, String> disposition() {
    Map<String, String> disposition = new HashMap<>();
    try {
      HttpField.getValueParameters(headers.get("content-disposition"), disposition);
    } catch (IllegalArgumentException unbalanced) {
      throw malformed("the head of a part cannot be read");
    }
    return disposition;
  }

  @Override
  public void onPartContent(Content.Chunk chunk) {
    attempt(() -> take(BodySink.bytes(chunk)));
  }

  private void take(byte[] bytes) {
    Open part = open;
    if (part == null) {
      return;
    }
    Files.Arrival arrival = part.arrival();
    if (arrival == null) {
      textBytes += bytes.length;
      if (textBytes > limits.text()) {
        throw tooLarge("The fields", limits.text());
      }
      part.text().writeBytes(bytes);
      return;
    }
    try {
      arrival.write(bytes, 0, bytes.length);
    } catch (Blobs.TooLargeException tooLarge) {
      throw tooLarge("The file", limits.file());
    }
  }

  @Override
  public void onPartEnd() {
    attempt(this::end);
  }

  private void end() throws InterruptedException {
    Open part = open;
    if (part == null) {
      return;
    }
    Files.Arrival arrival = part.arrival();
    String pointer = "/" + part.name();
    if (arrival == null) {
      parts.put(part.name(), new Form.Text(part.text().toByteArray(), part.contentType()));
    } else {
      String fileName = FileName.of(part.fileName(), pointer);
      String type = ContentType.of(part.contentType(), pointer);
      parts.put(part.name(), new Form.Uploaded(arrival.record(fileName, type)));
      arrival.close();
    }
    open = null;
  }

  @Override
  public void onComplete() {
    complete = true;
  }

  @Override
  public void onFailure(Throwable cause) {
    fail(cause instanceof Problem problem ? problem : malformed("it is not well framed"));
  }

  private interface Step {
    void take() throws InterruptedException;
  }

  /** The parser turns what its listener throws into something else, so it is kept here. */
  private void attempt(Step step) {
    if (failure != null) {
      return;
    }
    try {
      step.take();
    } catch (RuntimeException failed) {
      fail(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      fail(new IllegalStateException(interrupted));
    }
  }

  private void fail(RuntimeException failed) {
    if (failure == null) {
      failure = failed;
    }
  }

  private static Problem malformed(String why) {
    return Problem.of(ProblemCode.INVALID_REQUEST, "The form cannot be read: " + why + ".")
        .closing();
  }

  private static Problem tooLarge(String what, long max) {
    return Problem.of(ProblemCode.PAYLOAD_TOO_LARGE, what + " has more than " + max + " bytes.")
        .closing();
  }

  @Override
  public void close() {
    Open part = open;
    if (part != null && part.arrival() != null) {
      part.arrival().close();
    }
  }
}
