package dev.coatcheck.client.runner;

import dev.coatcheck.client.http.Json;
import dev.coatcheck.client.http.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A finished job whose result is to be told. */
final class Parcel {

  private static final byte[] BEGIN = utf8("{\"completions\":[");
  private static final byte[] END = utf8("]}");
  private static final byte[] TOKEN = utf8("{\"lease_token\":");

  /** What the other members take, at most. */
  private static final int FRAME = 300;

  private final String token;
  private final byte[] body;
  private final Patience patience;

  /** Empty if it is to be told by a call of its own. */
  private final CompletableFuture<Optional<Said>> said = new CompletableFuture<>();

  /**
   * A parcel.
   *
   * @param body an object, as the verb of one lease takes it
   */
  Parcel(String token, byte[] body, Patience patience) {
    this.token = token;
    this.body = body;
    this.patience = patience;
  }

  String token() {
    return token;
  }

  byte[] body() {
    return body;
  }

  /** Bytes among others, at most. */
  int size() {
    return body.length + FRAME;
  }

  /** Nobody cares any longer. */
  boolean overdue() {
    return patience.over();
  }

  /** Nothing has come of it yet. */
  boolean open() {
    return !said.isDone();
  }

  void answered(Said answer) {
    said.complete(Optional.of(answer));
  }

  /** It must be told by a call of its own. */
  void alone() {
    said.complete(Optional.empty());
  }

  void untold(String why) {
    said.completeExceptionally(new IOException(why));
  }

  /**
   * Waits for what the server says; empty if it is to be told by a call of its own.
   *
   * @throws IOException if it was given up: whether it arrived is not known
   */
  Optional<Said> await() throws IOException, InterruptedException {
    try {
      return said.get();
    } catch (ExecutionException untold) {
      Throwable why = untold.getCause();
      throw new IOException(why == null ? "not told" : String.valueOf(why.getMessage()), untold);
    }
  }

  /** The body of a call that tells of all. */
  static byte[] together(List<Parcel> parcels) {
    int size = parcels.stream().mapToInt(Parcel::size).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(size);
    out.writeBytes(BEGIN);
    for (int i = 0; i < parcels.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      parcels.get(i).write(out);
    }
    out.writeBytes(END);
    return out.toByteArray();
  }

  /** The body with the token as its first member. */
  private void write(ByteArrayOutputStream out) {
    out.writeBytes(TOKEN);
    out.writeBytes(Json.WIRE.writeValueAsBytes(token));
    int rest = 1;
    if (body[rest] != '}') {
      out.write(',');
    }
    out.write(body, rest, body.length - rest);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
