package dev.coatcheck.report;

import dev.coatcheck.commit.Committer;
import dev.coatcheck.event.Note;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a running attempt reports, on its way to the store. Progress and usage are thinned to ten a
 * second, the latest wins; pieces of output that come close together go together; logs go at once.
 * Nothing here waits for a commit.
 */
public final class Reports {

  private static final Duration PROGRESS_GAP = Duration.ofMillis(100);
  private static final Duration OUTPUT_GAP = Duration.ofMillis(50);
  private static final int OUTPUT_MAX = 64;
  private static final int OUTPUT_LENGTH_MAX = 64 * 1024;

  /** Makes the reports of one attempt. */
  @FunctionalInterface
  public interface Factory {
    Reports of(LeaseToken lease, Runnable onLost);
  }

  private final LeaseToken lease;
  private final Committer committer;
  private final Runnable onLost;
  private final Pace progressPace;
  private final Pace outputPace;

  private @Nullable Progress heldProgress;
  private @Nullable Usage heldUsage;
  private Usage lastUsage = Usage.NONE;
  private final List<String> heldChunks = new ArrayList<>();
  private int heldLength;
  private long chunksSent;
  private boolean closed;

  /**
   * Reports under a lease.
   *
   * @param chunks pieces of output that the attempt has given before
   * @param onLost called when the store says that the lease is lost
   */
  public Reports(
      LeaseToken lease,
      long chunks,
      Committer committer,
      Machine machine,
      Timers timers,
      Runnable onLost) {
    this.lease = lease;
    this.chunksSent = chunks;
    this.committer = committer;
    this.onLost = onLost;
    this.progressPace = new Pace(machine, timers, PROGRESS_GAP, this::progressDue);
    this.outputPace = new Pace(machine, timers, OUTPUT_GAP, this::outputDue);
  }

  public synchronized void progress(Progress progress) {
    heldProgress = progress;
    progressPace.sendOrHold(this::sendProgress);
  }

  public synchronized void usage(Usage usage) {
    heldUsage = usage;
    lastUsage = usage;
    progressPace.sendOrHold(this::sendProgress);
  }

  public synchronized void log(String level, String message) {
    sendOutput();
    post(List.of(new Note.Logged(level, message)), null);
  }

  public synchronized void output(String chunk) {
    heldChunks.add(chunk);
    heldLength += chunk.length();
    if (heldChunks.size() >= OUTPUT_MAX || heldLength >= OUTPUT_LENGTH_MAX) {
      sendOutput();
    } else {
      outputPace.sendOrHold(this::sendOutput);
    }
  }

  /** Sends what is held; later reports are dropped. Call before the attempt's end is recorded. */
  public synchronized void close() {
    sendOutput();
    sendProgress();
    closed = true;
  }

  /** What was last reported as consumed. */
  public synchronized Usage lastUsage() {
    return lastUsage;
  }

  private synchronized void progressDue() {
    progressPace.fired();
    sendProgress();
  }

  private synchronized void outputDue() {
    outputPace.fired();
    sendOutput();
  }

  private void sendProgress() {
    Progress progress = heldProgress;
    Usage usage = heldUsage;
    if (progress == null && usage == null) {
      return;
    }
    heldProgress = null;
    heldUsage = null;
    post(progress == null ? List.of() : List.of(new Note.Progressed(progress)), usage);
  }

  private void sendOutput() {
    if (heldChunks.isEmpty()) {
      return;
    }
    List<String> chunks = List.copyOf(heldChunks);
    heldChunks.clear();
    heldLength = 0;
    post(List.of(new Note.Output(chunksSent, chunks)), null);
    chunksSent += chunks.size();
  }

  private void post(List<Note> notes, @Nullable Usage usage) {
    if (!closed) {
      committer.post(new Command.Append(lease, notes, usage), this::answered);
    }
  }

  private void answered(Result result) {
    if (result instanceof Result.LeaseLost) {
      onLost.run();
    }
  }
}
