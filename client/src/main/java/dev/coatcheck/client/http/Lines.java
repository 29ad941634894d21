package dev.coatcheck.client.http;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a body that may never end, read one by one. At most a few hundred wait here; the
 * rest waits at the server.
 */
public final class Lines implements AutoCloseable {

  private static final int AHEAD = 256;

  private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
  private @Nullable Subscription subscription;
  private boolean closed;

  private record Item(@Nullable String line, @Nullable Throwable trouble) {}

  private Lines() {}

  /** Hands the body over as soon as it begins. */
  public static BodyHandler<Lines> handler() {
    return info -> {
      Lines lines = new Lines();
      return new Handed(lines);
    };
  }

  /**
   * The next line; empty at the end of the body.
   *
   * @throws HttpTimeoutException if nothing comes for so long
   * @throws IOException if the connection breaks
   */
  public Optional<String> next(Duration silence) throws IOException, InterruptedException {
    Item item = items.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
    if (item == null) {
      throw new HttpTimeoutException("nothing came for " + silence);
    }
    if (item.trouble != null) {
      throw new IOException("the connection broke", item.trouble);
    }
    askForOne();
    return Optional.ofNullable(item.line);
  }

  /** Ends the connection if the body has not ended. */
  @Override
  public synchronized void close() {
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }

  private synchronized void askForOne() {
    if (subscription != null) {
      subscription.request(1);
    }
  }

  private synchronized void begin(Subscription newSubscription) {
    subscription = newSubscription;
    if (closed) {
      newSubscription.cancel();
    } else {
      newSubscription.request(AHEAD);
    }
  }

  private static final class Handed implements BodySubscriber<Lines> {

    private final Lines lines;
    private final BodySubscriber<@Nullable Void> decoder;

    Handed(Lines lines) {
      this.lines = lines;
      this.decoder =
          BodySubscribers.fromLineSubscriber(
              new Feed(lines), feed -> null, StandardCharsets.UTF_8, null);
    }

    @Override
    public CompletionStage<Lines> getBody() {
      return CompletableFuture.completedStage(lines);
    }

    @Override
    public void onSubscribe(Subscription newSubscription) {
      decoder.onSubscribe(newSubscription);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
      decoder.onNext(bytes);
    }

    @Override
    public void onError(Throwable trouble) {
      decoder.onError(trouble);
    }

    @Override
    public void onComplete() {
      decoder.onComplete();
    }
  }

  private record Feed(Lines lines) implements Subscriber<String> {

    @Override
    public void onSubscribe(Subscription newSubscription) {
      lines.begin(newSubscription);
    }

    @Override
    public void onNext(String line) {
      lines.items.add(new Item(line, null));
    }

    @Override
    public void onError(Throwable trouble) {
      lines.items.add(new Item(null, trouble));
    }

    @Override
    public void onComplete() {
      lines.items.add(new Item(null, null));
    }
  }
}
