package dev.coatcheck.workers.summarize.reading;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An input that lies in a file of its own.
 *
 * @param path the file; its folder may be written to
 * @param bytes its size
 * @param contentType what its sender calls it, such as {@code text/html; charset=utf-8}
 * @param name the file name or address that it came under
 */
public record StoredInput(
    Path path, long bytes, @Nullable String contentType, @Nullable String name) {}
