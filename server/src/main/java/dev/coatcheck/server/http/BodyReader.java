package dev.coatcheck.server.http;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Reads a body that keeps coming: whole within its time, and after the first seconds at least a
 * kilobyte for each second that has passed. Whoever is slower, or sends more than the limit, gets
 * no further.
 */
final class BodyReader {

  private static final Duration WHOLE = Duration.ofSeconds(60);
  private static final Duration WHOLE_UPLOAD = Duration.ofHours(1);
  private static final long GRACE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long BYTES_PER_SECOND = 1024;
  private static final long DISCARD_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long DISCARD_BYTES = 64L << 20;

  private final Request request;
  private final long limit;
  private final Duration whole;
  private final BodySink sink;
  private final long started = System.nanoTime();
  private final Semaphore arrived = new Semaphore(0);
  private long size;

  private BodyReader(Request request, long limit, Duration whole, BodySink sink) {
    this.request = request;
    this.limit = limit;
    this.whole = whole;
    this.sink = sink;
  }

  /** The body, empty if there is none. */
  static byte[] read(Request request, long limit) throws InterruptedException {
    if (request.getLength() == 0) {
      return new byte[0];
    }
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream(Math.clamp(request.getLength(), 32, 65_536));
    refuseTooLarge(request, limit);
    new BodyReader(request, limit, WHOLE, BodySink.into(bytes)).read();
    return bytes.toByteArray();
  }

  /** Gives the body on as it comes. */
  static void stream(Request request, long limit, BodySink sink) throws InterruptedException {
    refuseTooLarge(request, limit);
    new BodyReader(request, limit, WHOLE_UPLOAD, sink).read();
  }

  private static void refuseTooLarge(Request request, long limit) {
    if (request.getLength() > limit) {
      throw tooLarge(limit);
    }
  }

  /**
   * Takes and drops what a refused client still sends, within bounds: a connection that is closed
   * with bytes unread is reset, and the client would never see why.
   */
  static void discard(Request request) throws InterruptedException {
    long until = System.nanoTime() + DISCARD_NANOS;
    long left = DISCARD_BYTES;
    Semaphore arrived = new Semaphore(0);
    while (left > 0) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(arrived::release);
        if (!arrived.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          return;
        }
      } else {
        left -= chunk.remaining();
        chunk.release();
        if (chunk.isLast() || Content.Chunk.isFailure(chunk)) {
          return;
        }
      }
    }
  }

  private void read() throws InterruptedException {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        await();
      } else if (Content.Chunk.isFailure(chunk)) {
        throw broken(chunk.getFailure());
      } else {
        boolean last = chunk.isLast();
        take(chunk);
        if (last) {
          return;
        }
      }
    }
  }

  private void take(Content.Chunk chunk) {
    try {
      size += chunk.remaining();
      if (size > limit) {
        throw tooLarge(limit);
      }
      sink.take(chunk);
    } finally {
      chunk.release();
    }
    if (System.nanoTime() > deadline()) {
      throw tooSlow();
    }
  }

  private void await() throws InterruptedException {
    request.demand(arrived::release);
    if (!arrived.tryAcquire(deadline() - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      throw tooSlow();
    }
  }

  /** When the next byte must have come, for what has come so far. */
  private long deadline() {
    long earned = Math.max(GRACE_NANOS, size * 1_000_000_000L / BYTES_PER_SECOND);
    return started + Math.min(whole.toNanos(), earned);
  }

  private static Problem tooLarge(long limit) {
    return Problem.of(ProblemCode.PAYLOAD_TOO_LARGE, "The body has more than " + limit + " bytes.")
        .closing();
  }

  private static Problem tooSlow() {
    return Problem.of(ProblemCode.REQUEST_TIMEOUT, "The body did not arrive in time.").closing();
  }

  private static Problem broken(Throwable failure) {
    int status = failure instanceof HttpException http ? http.getCode() : 400;
    return Problem.of(ProblemCode.INVALID_REQUEST, status, "The body is not well framed.")
        .closing();
  }
}
