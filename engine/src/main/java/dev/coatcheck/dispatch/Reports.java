package dev.coatcheck.dispatch;

import dev.coatcheck.commit.Committer;
import dev.coatcheck.event.Note;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a running attempt reports, on its way to the store. Progress and usage are thinned to ten a
 * second, the latest wins; logs and output go at once. Nothing here waits for a commit.
 */
final class Reports {

  private static final Duration GAP = Duration.ofMillis(100);

  /** Makes the reports of one attempt. */
  @FunctionalInterface
  interface Factory {
    Reports of(LeaseToken lease, Runnable onLost);
  }

  private final LeaseToken lease;
  private final Committer committer;
  private final Machine machine;
  private final Timers timers;
  private final Runnable onLost;

  private @Nullable Progress heldProgress;
  private @Nullable Usage heldUsage;
  private Usage lastUsage = Usage.NONE;
  private boolean sentBefore;
  private long sentNanos;
  private boolean flushPlanned;
  private boolean closed;
  private long chunks;

  Reports(LeaseToken lease, Committer committer, Machine machine, Timers timers, Runnable onLost) {
    this.lease = lease;
    this.committer = committer;
    this.machine = machine;
    this.timers = timers;
    this.onLost = onLost;
  }

  synchronized void progress(Progress progress) {
    heldProgress = progress;
    sendOrHold();
  }

  synchronized void usage(Usage usage) {
    heldUsage = usage;
    lastUsage = usage;
    sendOrHold();
  }

  synchronized void log(String level, String message) {
    post(List.of(new Note.Logged(level, message)), null);
  }

  synchronized void output(String chunk) {
    post(List.of(new Note.Output(chunks++, List.of(chunk))), null);
  }

  /** Sends what is held; later reports are dropped. Call before the attempt's end is recorded. */
  synchronized void close() {
    flush();
    closed = true;
  }

  /** What was last reported as consumed. */
  synchronized Usage lastUsage() {
    return lastUsage;
  }

  private void sendOrHold() {
    long since = machine.nanos() - sentNanos;
    if (!sentBefore || since >= GAP.toNanos()) {
      flush();
    } else if (!flushPlanned) {
      flushPlanned = true;
      timers.after(GAP.minusNanos(since), this::flushPlanned);
    }
  }

  private synchronized void flushPlanned() {
    flushPlanned = false;
    flush();
  }

  private void flush() {
    Progress progress = heldProgress;
    Usage usage = heldUsage;
    if (progress == null && usage == null) {
      return;
    }
    heldProgress = null;
    heldUsage = null;
    sentBefore = true;
    sentNanos = machine.nanos();
    post(progress == null ? List.of() : List.of(new Note.Progressed(progress)), usage);
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
