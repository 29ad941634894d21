package dev.coatcheck.outbound;

import dev.coatcheck.outbound.Outcome.Answered;
import dev.coatcheck.outbound.Outcome.Failed;
import dev.coatcheck.outbound.rules.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/** One request and its answer in HTTP/1.1 over a connection that serves nothing else. */
final class Exchange {

  private static final int BUFFER = 8 << 10;
  private static final int HEADERS_MAX = 200;
  private static final Set<String> BODY_EXPECTED = Set.of("POST", "PUT", "PATCH");

  private final OutboundRequest request;
  private final Limits limits;
  private final OutputStream sink;
  private @Nullable HeadLimit head;

  /** The sink took no more: trouble of the caller, not of the host. */
  static final class SinkException extends IOException {

    private static final long serialVersionUID = 1L;

    SinkException(IOException cause) {
      super(cause);
    }
  }

  Exchange(OutboundRequest request, Limits limits, OutputStream sink) {
    this.request = request;
    this.limits = limits;
    this.sink = sink;
  }

  /** The socket is left open: whoever opened it closes it, without a word to the host. */
  Outcome over(Socket socket) throws IOException, HttpException {
    Http1Config config =
        Http1Config.custom()
            .setBufferSize(BUFFER)
            .setMaxLineLength(limits.head())
            .setMaxHeaderCount(HEADERS_MAX)
            .build();
    Connection connection = new Connection(config);
    connection.attach(socket);
    ClassicHttpResponse response =
        new HttpRequestExecutor().execute(message(), connection, HttpCoreContext.create());
    if (head != null) {
      head.lift();
    }
    return answer(response);
  }

  private Outcome answer(ClassicHttpResponse response) throws IOException {
    List<Header> headers =
        Arrays.stream(response.getHeaders())
            .map(each -> new Header(each.getName(), String.valueOf(each.getValue())))
            .toList();
    // Never closed: that would read the rest of a body that we do not want.
    HttpEntity entity = response.getEntity();
    boolean fail = limits.excess() == Limits.Excess.FAIL;
    if (entity != null && fail && entity.getContentLength() > limits.body()) {
      return tooLarge();
    }
    long bytes = entity == null ? 0 : copy(entity.getContent());
    if (bytes > limits.body() && fail) {
      return tooLarge();
    }
    boolean truncated = bytes > limits.body();
    return new Answered(response.getCode(), headers, Math.min(bytes, limits.body()), truncated);
  }

  private Outcome tooLarge() {
    return new Failed(FailureKind.TOO_LARGE, "the body has more than " + limits.body() + " bytes");
  }

  /** Hands over as much as the limit allows; the answer exceeds it by one if there is more. */
  private long copy(InputStream body) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long copied = 0;
    while (true) {
      long left = limits.body() - copied;
      int read = body.read(buffer, 0, (int) Math.min(buffer.length, left + 1));
      if (read < 0) {
        return copied;
      }
      write(buffer, (int) Math.min(read, left));
      copied += read;
      if (read > left) {
        return limits.body() + 1;
      }
    }
  }

  private void write(byte[] buffer, int length) throws SinkException {
    try {
      sink.write(buffer, 0, length);
    } catch (IOException refused) {
      throw new SinkException(refused);
    }
  }

  private ClassicHttpRequest message() {
    Target target = request.target();
    BasicClassicHttpRequest message = new BasicClassicHttpRequest(request.method(), target.path());
    message.setHeader("Host", target.authority());
    for (Header header : request.headers()) {
      message.addHeader(header.name(), header.value());
    }
    // Compressed bytes would be counted before they grow.
    message.setHeader("Accept-Encoding", "identity");
    message.setHeader("Connection", "close");
    if (!request.has("User-Agent")) {
      message.setHeader("User-Agent", "Coatcheck");
    }
    byte[] body = request.body();
    if (body.length > 0 || BODY_EXPECTED.contains(request.method().toUpperCase(Locale.ROOT))) {
      message.setHeader("Content-Length", body.length);
      message.setEntity(
          new InputStreamEntity(
              new ByteArrayInputStream(body), body.length, ContentType.APPLICATION_OCTET_STREAM));
    }
    return message;
  }

  /** Reads through the limit of the head. */
  private final class Connection extends DefaultBHttpClientConnection {

    Connection(Http1Config config) {
      super(config);
    }

    void attach(Socket socket) throws IOException {
      bind(
          new SocketHolder(socket) {
            @Override
            protected InputStream getInputStream(Socket from) throws IOException {
              HeadLimit limit = new HeadLimit(super.getInputStream(from), limits.head());
              head = limit;
              return limit;
            }
          });
    }
  }
}
