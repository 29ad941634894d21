package dev.coatcheck.workers.summarize.document;

import java.util.Collections;
import java.util.List;

/**
 * Where the pages of a paginated document begin in its text.
 *
 * @param starts offset of the first character of each page, ascending, the first one 0; a page
 *     without text starts where the next one does
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
    if (found < 0) {
      return -found - 1;
    }
    int last = found;
    while (last + 1 < starts.size() && starts.get(last + 1) == offset) {
      last++;
    }
    return last + 1;
  }
}
