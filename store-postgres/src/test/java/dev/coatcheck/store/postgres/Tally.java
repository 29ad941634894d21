package dev.coatcheck.store.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Reads along what a client says to PostgreSQL, and tells of each statement that is run. */
final class Tally {

  private static final int PROTOCOL_3 = 196_608;

  private final Consumer<String> each;
  private final Map<String, String> prepared = new HashMap<>();
  private ByteBuffer unread = ByteBuffer.allocate(1 << 20).flip();
  private boolean begun;
  private String bound = "";

  Tally(Consumer<String> each) {
    this.each = each;
  }

  void read(byte[] piece, int length) {
    unread = ByteBuffer.allocate(1 << 20).put(unread).put(piece, 0, length).flip();
    while (begun ? message() : greeting()) {
      // until there is no whole one left
    }
  }

  private boolean greeting() {
    if (unread.remaining() < 8 || unread.remaining() < unread.getInt(unread.position())) {
      return false;
    }
    int start = unread.position();
    begun = unread.getInt(start + 4) == PROTOCOL_3;
    unread.position(start + unread.getInt(start));
    return true;
  }

  private boolean message() {
    int start = unread.position();
    if (unread.remaining() < 5 || unread.remaining() < 1 + unread.getInt(start + 1)) {
      return false;
    }
    int end = start + 1 + unread.getInt(start + 1);
    char type = (char) unread.get(start);
    unread.position(start + 5);
    switch (type) {
      case 'Q' -> ran(word());
      case 'P' -> prepared.put(word(), word());
      case 'B' -> {
        word();
        bound = prepared.getOrDefault(word(), "");
      }
      case 'E' -> ran(bound);
      default -> {}
    }
    unread.position(end);
    return true;
  }

  /** An empty one only asks whether the connection lives. */
  private void ran(String statement) {
    if (!statement.isBlank()) {
      each.accept(statement);
    }
  }

  private String word() {
    int start = unread.position();
    while (unread.get() != 0) {
      // up to its end
    }
    return new String(unread.array(), start, unread.position() - start - 1, StandardCharsets.UTF_8);
  }
}
