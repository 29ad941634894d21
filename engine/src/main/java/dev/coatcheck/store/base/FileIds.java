package dev.coatcheck.store.base;

import static java.util.stream.Collectors.joining;

import dev.coatcheck.job.FileId;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ids of files as one text. */
public final class FileIds {

  private FileIds() {}

  /** A space between them; null for none. */
  public static @Nullable String text(List<FileId> ids) {
    return ids.isEmpty() ? null : ids.stream().map(FileId::toString).collect(joining(" "));
  }

  public static List<FileId> of(@Nullable String text) {
    return text == null
        ? List.of()
        : Arrays.stream(text.split(" ", -1)).map(id -> FileId.parse(id).orElseThrow()).toList();
  }
}
