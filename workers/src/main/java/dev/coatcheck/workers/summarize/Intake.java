package dev.coatcheck.workers.summarize;

import dev.coatcheck.file.FileId;
import dev.coatcheck.file.StoredFile;
import dev.coatcheck.handler.WorkContext;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.handler.WorkFile;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.workers.summarize.document.Checkpoint;
import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.document.Format;
import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import dev.coatcheck.workers.summarize.reading.DocumentReader;
import dev.coatcheck.workers.summarize.reading.StoredInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Gets hold of what an input points to, and reads it. */
final class Intake {

  /** The largest file, and the largest answer to a URL, that is taken. */
  static final long BYTES_MAX = 128L * 1024 * 1024;

  private static final Duration FETCH_MAX = Duration.ofMinutes(2);

  private final Fetcher fetcher;

  Intake(Fetcher fetcher) {
    this.fetcher = fetcher;
  }

  /** A document and where it came from. */
  record Taken(Document document, Source source) {}

  Taken take(SummarizeInput input, WorkContext context, Checkpoint checkpoint)
      throws IOException, WorkFailure, InterruptedException {
    @Nullable Format format = input.options().format();
    if (input.text() != null) {
      byte[] bytes = input.text().getBytes(StandardCharsets.UTF_8);
      Source source = Source.text(Spool.digest(bytes));
      return new Taken(DocumentReader.read(input.text(), format, checkpoint), source);
    }
    try (Spool spool = Spool.open()) {
      return input.file() != null
          ? takeFile(input.file(), format, context, spool, checkpoint)
          : takeUrl(required(input.url()), format, context, spool, checkpoint);
    }
  }

  private static Taken takeFile(
      String id, @Nullable Format format, WorkContext context, Spool spool, Checkpoint checkpoint)
      throws IOException, WorkFailure, InterruptedException {
    WorkFile file = context.file(FileId.parse(id).orElseThrow(() -> noSuchFile(id)));
    StoredFile about = file.about();
    checkSize(about.size());
    Spool.Digested digested;
    try (InputStream in = file.open()) {
      digested =
          spool.copy(
              in,
              bytes -> {
                context.checkpoint();
                checkSize(bytes);
              });
    } catch (IOException unreadable) {
      context.checkpoint();
      throw WorkFailure.retryable(
          ErrorCode.INPUT_UNAVAILABLE, "The file " + id + " could not be read.");
    }
    StoredInput stored =
        new StoredInput(spool.file(), digested.bytes(), about.contentType(), about.name());
    return new Taken(DocumentReader.read(stored, format, checkpoint), Source.file(id, digested));
  }

  private Taken takeUrl(
      String url, @Nullable Format format, WorkContext context, Spool spool, Checkpoint checkpoint)
      throws IOException, WorkFailure, InterruptedException {
    Duration left = Duration.between(context.now(), context.stopsAt());
    Duration atMost = left.compareTo(FETCH_MAX) < 0 ? left : FETCH_MAX;
    Fetcher.Fetched fetched = fetcher.fetch(url, spool.file(), BYTES_MAX, atMost);
    Spool.Digested digested = spool.digest(bytes -> context.checkpoint());
    StoredInput stored =
        new StoredInput(spool.file(), digested.bytes(), fetched.contentType(), url);
    return new Taken(DocumentReader.read(stored, format, checkpoint), Source.url(url, digested));
  }

  private static void checkSize(long bytes) {
    if (bytes > BYTES_MAX) {
      throw new UnsupportedInputException(
          "The file is too large: it may have " + (BYTES_MAX >> 20) + " MiB.");
    }
  }

  private static WorkFailure noSuchFile(String id) {
    return WorkFailure.permanent(ErrorCode.INPUT_UNAVAILABLE, "There is no file " + id + ".");
  }

  private static String required(@Nullable String url) {
    if (url == null) {
      throw new IllegalArgumentException("the schema requires text, url or file");
    }
    return url;
  }
}
