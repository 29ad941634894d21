package dev.coatcheck.server.stream;

import dev.coatcheck.server.edge.Watchdog;
import dev.coatcheck.server.http.Exchange;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer of server-sent events that goes on for a while. A reader that takes nothing is cut off,
 * and nothing lives longer than an hour: clients come back by themselves.
 */
public final class LiveResponse implements Watchdog.Watched, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LiveResponse.class);

  /** How long a stream may be silent. */
  public static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

  static final String TYPE = "text/event-stream";

  private static final long LIFE_NANOS = Duration.ofHours(1).toNanos();
  private static final long STUCK_NANOS = Duration.ofSeconds(10).toNanos();

  private final Watchdog watchdog;
  private final Exchange exchange;
  private final HttpServletResponse response;
  private final long opened = System.nanoTime();

  /** Since when the present write takes; 0 while nothing is written. */
  private volatile long writingSince;

  /** Sets the headers; the answer begins with the first write. */
  public LiveResponse(Watchdog watchdog, Exchange exchange) {
    this.watchdog = watchdog;
    this.exchange = exchange;
    this.response = exchange.response();
    response.setStatus(200);
    response.setContentType(TYPE);
    response.setHeader("X-Accel-Buffering", "no");
    watchdog.add(this);
  }

  /** Whether it has lived as long as it may. */
  public boolean old() {
    return System.nanoTime() - opened >= LIFE_NANOS;
  }

  public void keepAlive() throws IOException {
    write(": keep-alive\n\n");
  }

  /**
   * Sends text in the framing of events.
   *
   * @throws IOException if the reader has gone
   */
  public void write(String text) throws IOException {
    write(List.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Sends pieces of UTF-8 text in the framing of events, one after the other.
   *
   * @throws IOException if the reader has gone
   */
  void write(List<byte[]> pieces) throws IOException {
    writingSince = System.nanoTime() | 1;
    try {
      OutputStream out = response.getOutputStream();
      for (byte[] piece : pieces) {
        out.write(piece);
      }
      response.flushBuffer();
    } finally {
      writingSince = 0;
    }
  }

  @Override
  public boolean overdue(long nanos) {
    long since = writingSince;
    return since != 0 && nanos - since > STUCK_NANOS;
  }

  @Override
  public void cut() {
    log.info("a reader of {} took nothing for too long and is cut off", exchange.path());
    exchange.core().getConnectionMetaData().getConnection().getEndPoint().close();
  }

  @Override
  public void close() {
    watchdog.remove(this);
  }
}
