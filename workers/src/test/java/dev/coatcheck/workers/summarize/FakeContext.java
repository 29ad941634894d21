package dev.coatcheck.workers.summarize;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.file.StoredFile;
import dev.coatcheck.handler.WorkContext;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.handler.WorkFile;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Resume;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An attempt that is told to stop after so many checkpoints, with files in memory. */
final class FakeContext implements WorkContext {

  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  final List<String> messages = new ArrayList<>();
  final List<Double> fractions = new ArrayList<>();
  private final Map<FileId, WorkFile> files = new HashMap<>();
  private int checkpointsLeft = Integer.MAX_VALUE;

  FakeContext stoppingAfter(int checkpoints) {
    checkpointsLeft = checkpoints;
    return this;
  }

  /** Adds a file; its id. */
  String add(String name, String contentType, byte[] bytes) {
    return add(name, contentType, bytes.length, new ByteArrayInputStream(bytes));
  }

  String add(String name, String contentType, long size, InputStream in) {
    FileId id = FileId.of(NOW, files.size(), 7);
    StoredFile about =
        new StoredFile(
            id, TenantId.DEFAULT, name, contentType, size, "0".repeat(64), NOW, NOW.plusSeconds(9));
    files.put(
        id,
        new WorkFile() {
          @Override
          public StoredFile about() {
            return about;
          }

          @Override
          public InputStream open() {
            return in;
          }
        });
    return id.toString();
  }

  @Override
  public CallbackToken callback() {
    throw new UnsupportedOperationException("nothing here calls back");
  }

  @Override
  public Optional<Resume> resume() {
    return Optional.empty();
  }

  @Override
  public WorkFile file(FileId id) throws WorkFailure {
    WorkFile file = files.get(id);
    if (file == null) {
      throw WorkFailure.permanent(ErrorCode.INPUT_UNAVAILABLE, "There is no file " + id + ".");
    }
    return file;
  }

  @Override
  public JobId job() {
    throw new UnsupportedOperationException();
  }

  @Override
  public TenantId tenant() {
    return TenantId.DEFAULT;
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public int maxAttempts() {
    return 1;
  }

  @Override
  public int grants() {
    return 1;
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public Instant now() {
    return NOW;
  }

  @Override
  public Instant stopsAt() {
    return NOW.plusSeconds(60);
  }

  @Override
  public Optional<StopReason> stopping() {
    return checkpointsLeft > 0 ? Optional.empty() : Optional.of(StopReason.CANCELED);
  }

  @Override
  public void checkpoint() throws InterruptedException {
    if (--checkpointsLeft <= 0) {
      throw new InterruptedException();
    }
  }

  @Override
  public void sleep(Duration duration) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void progress(
      @Nullable Double fraction, @Nullable String stage, @Nullable String message) {
    if (fraction != null) {
      fractions.add(fraction);
    }
    if (message != null) {
      messages.add(message);
    }
  }

  @Override
  public void log(String level, String message) {}

  @Override
  public void output(String chunk) {}

  @Override
  public void usage(Usage usage) {}
}
