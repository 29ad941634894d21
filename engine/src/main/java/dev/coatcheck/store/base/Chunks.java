package dev.coatcheck.store.base;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pieces of output that came together, as one text: a single one as it is, several by line. */
public final class Chunks {

  private Chunks() {}

  /** How many pieces the text holds; null for one that is as it is. */
  public static @Nullable String label(List<String> chunks) {
    return chunks.size() == 1 ? null : Integer.toString(chunks.size());
  }

  public static String text(List<String> chunks) {
    if (chunks.size() == 1) {
      return chunks.getFirst();
    }
    StringBuilder text = new StringBuilder();
    for (String chunk : chunks) {
      escape(chunk, text);
      text.append('\n');
    }
    return text.toString();
  }

  public static List<String> of(@Nullable String label, String text) {
    if (label == null) {
      return List.of(text);
    }
    List<String> chunks = new ArrayList<>(Integer.parseInt(label));
    StringBuilder chunk = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        chunks.add(chunk.toString());
        chunk.setLength(0);
      } else if (c == '\\') {
        i++;
        chunk.append(text.charAt(i) == 'n' ? '\n' : '\\');
      } else {
        chunk.append(c);
      }
    }
    return List.copyOf(chunks);
  }

  private static void escape(String chunk, StringBuilder to) {
    for (int i = 0; i < chunk.length(); i++) {
      char c = chunk.charAt(i);
      switch (c) {
        case '\n' -> to.append("\\n");
        case '\\' -> to.append("\\\\");
        default -> to.append(c);
      }
    }
  }
}
