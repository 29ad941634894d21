package dev.coatcheck.server.http;

import java.io.ByteArrayOutputStream;
import org.eclipse.jetty.io.Content;

/** Where the pieces of a body go as they come. */
@FunctionalInterface
public interface BodySink {

  /** Takes a piece; it must not be used afterwards. */
  void take(Content.Chunk chunk);

  /** Gathers the bytes in memory. */
  static BodySink into(ByteArrayOutputStream bytes) {
    return chunk -> bytes.writeBytes(bytes(chunk));
  }

  /** A copy of what is left of a piece. */
  static byte[] bytes(Content.Chunk chunk) {
    byte[] bytes = new byte[chunk.remaining()];
    chunk.getByteBuffer().get(bytes);
    return bytes;
  }
}
