package dev.coatcheck.workers.summarize.document;

import java.util.Collections;
import java.util.List;

/**
 * Where the pages of a paginated document begin in its text.
 *
 * @param starts offset of the first character of each page, ascending, the first one 0
 */
public record Pages(List<Integer> starts) {

  public Pages {
    starts = List.copyOf(starts);
    if (starts.isEmpty() || starts.getFirst() != 0) {
      throw new IllegalArgumentException("The first page must start at offset 0, got " + starts);
    }
  }

  /** The number of pages. */
  public int count() {
    return starts.size();
  }

  /** The page, counted from 1, that holds the character at {@code offset}. */
  public int pageAt(int offset) {
    int found = Collections.binarySearch(starts, offset);
    return found >= 0 ? found + 1 : -found - 1;
  }
}
