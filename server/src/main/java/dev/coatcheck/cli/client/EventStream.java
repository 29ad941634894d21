package dev.coatcheck.cli.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One open connection of live events. A thread of its own reads, so that a connection that has died
 * without a word is noticed.
 */
final class EventStream implements AutoCloseable {

  /** The server sends at least a comment every 15 s. */
  private static final Duration SILENCE = Duration.ofSeconds(45);

  private static final int LINE_LIMIT = 64 << 20;

  /** What came: an event, a sign of life, or the end. */
  private sealed interface Item {

    record Event(SseEvent event) implements Item {}

    record Comment() implements Item {}

    record End() implements Item {}
  }

  private final BlockingQueue<Item> items = new ArrayBlockingQueue<>(256);
  private final InputStream body;
  private final SseParser parser;
  private final Thread reader;

  EventStream(InputStream body, String lastId) {
    this.body = body;
    this.parser = new SseParser(lastId);
    this.reader = Thread.ofVirtual().name("coatcheck-events").start(this::read);
  }

  /** Waits for the next event; empty when the stream has ended, broken or gone silent. */
  Optional<SseEvent> next() throws InterruptedException {
    while (true) {
      Item item = items.poll(SILENCE.toMillis(), TimeUnit.MILLISECONDS);
      switch (item) {
        case Item.Event(SseEvent event) -> {
          return Optional.of(event);
        }
        case Item.Comment _ -> {
          // Still alive.
        }
        case Item.End _ -> {
          return Optional.empty();
        }
        case null -> {
          return Optional.empty();
        }
      }
    }
  }

  Duration retry() {
    return parser.retry();
  }

  @Override
  public void close() {
    reader.interrupt();
    try {
      body.close();
    } catch (IOException e) {
      // It is over either way.
    }
  }

  private void read() {
    try {
      try (Reader in = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
        for (String line = line(in); line != null; line = line(in)) {
          Optional<SseEvent> event = parser.line(line);
          if (event.isPresent()) {
            items.put(new Item.Event(event.get()));
          } else if (line.startsWith(":")) {
            items.put(new Item.Comment());
          }
        }
      } catch (IOException e) {
        // Broken: the watcher connects again.
      }
      items.put(new Item.End());
    } catch (InterruptedException e) {
      // Closed: nobody reads any more.
    }
  }

  /** A whole line without its end; null where the stream ends, even within a line. */
  private static @Nullable String line(Reader in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '\n') {
        int end = line.length() - 1;
        if (end >= 0 && line.charAt(end) == '\r') {
          line.setLength(end);
        }
        return line.toString();
      }
      if (line.length() == LINE_LIMIT) {
        throw new IOException("a line without end");
      }
      line.append((char) c);
    }
    return null;
  }
}
