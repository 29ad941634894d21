package dev.coatcheck.server.edge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.BufferUtil;

/**
 * A connection whose request headers must arrive whole within a time, however steadily their bytes
 * drip: Jetty's own idle timeout starts anew with every byte.
 */
final class WatchedConnection extends HttpConnection implements Watchdog.Watched {

  private static final long HEADER_NANOS = Duration.ofSeconds(10).toNanos();

  private final Watchdog watchdog;

  /** Whether a request's header is awaited or has begun, and since when. */
  private volatile boolean reading;

  private volatile long readingSince;

  WatchedConnection(
      HttpConfiguration configuration, Connector connector, EndPoint endPoint, Watchdog watchdog) {
    super(configuration, connector, endPoint);
    this.watchdog = watchdog;
  }

  @Override
  protected RequestHandler newRequestHandler() {
    return new TimedHandler();
  }

  @Override
  public void onOpen() {
    begin();
    watchdog.add(this);
    super.onOpen();
  }

  @Override
  public void onClose(Throwable cause) {
    watchdog.remove(this);
    super.onClose(cause);
  }

  @Override
  public boolean overdue(long nanos) {
    return reading && nanos - readingSince > HEADER_NANOS;
  }

  @Override
  public void cut() {
    getEndPoint().close();
  }

  /**
   * Whether the peer has closed its side. Jetty does not read while a request is handled, so this
   * looks by itself; what came early of the next request is put where Jetty reads on.
   */
  boolean peerGone() {
    EndPoint endPoint = getEndPoint();
    if (!endPoint.isOpen() || endPoint.isInputShutdown()) {
      return true;
    }
    if (!isRequestBufferEmpty()) {
      return false;
    }
    ByteBuffer early = BufferUtil.allocate(1);
    try {
      int filled = endPoint.fill(early);
      if (filled > 0) {
        onUpgradeTo(early);
      }
      return filled < 0;
    } catch (IOException broken) {
      return true;
    }
  }

  private void begin() {
    readingSince = System.nanoTime();
    reading = true;
  }

  private final class TimedHandler extends RequestHandler {

    @Override
    public void messageBegin() {
      if (!reading && !isRequestBufferEmpty()) {
        begin();
      }
      super.messageBegin();
    }

    @Override
    public boolean headerComplete() {
      reading = false;
      return super.headerComplete();
    }

    @Override
    public void badMessage(HttpException failure) {
      reading = false;
      super.badMessage(failure);
    }
  }
}
