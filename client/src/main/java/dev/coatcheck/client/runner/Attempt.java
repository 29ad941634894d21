package dev.coatcheck.client.runner;

import dev.coatcheck.client.Progress;
import dev.coatcheck.client.Usage;
import dev.coatcheck.client.work.StopReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One lease that this runner holds, and what is known about it here. */
final class Attempt {

  private final Lease lease;
  private final Instant stopsAt;
  private @Nullable Thread thread;
  private @Nullable StopReason stopping;
  private boolean ended;
  private long heardNanos = System.nanoTime();
  private @Nullable Progress news;
  private @Nullable Usage usage;
  private boolean usageUntold;

  Attempt(Lease lease) {
    this.lease = lease;
    Long runTimeout = lease.runTimeoutMs();
    Instant byRunTimeout = runTimeout == null ? Instant.MAX : Instant.now().plusMillis(runTimeout);
    Instant byDeadline = lease.deadlineAt() == null ? Instant.MAX : lease.deadlineAt();
    this.stopsAt = byRunTimeout.isBefore(byDeadline) ? byRunTimeout : byDeadline;
  }

  Lease lease() {
    return lease;
  }

  String token() {
    return lease.leaseToken();
  }

  Optional<Instant> stopsAt() {
    return Optional.of(stopsAt).filter(Instant.MAX::isAfter);
  }

  /** The handler runs on this thread from now on; false if it must not start. */
  synchronized boolean begin() {
    thread = Thread.currentThread();
    return stopping == null;
  }

  /** The handler has returned; nobody interrupts its thread afterwards. */
  synchronized void end() {
    thread = null;
    ended = true;
    Thread.interrupted();
  }

  /** Tells the handler to stop. The first reason stands. */
  synchronized void stop(StopReason reason) {
    if (stopping == null) {
      stopping = reason;
      if (thread != null) {
        thread.interrupt();
      }
    }
  }

  synchronized Optional<StopReason> stopping() {
    return Optional.ofNullable(stopping);
  }

  /** The lease is no longer ours, as far as was told. */
  synchronized boolean lost() {
    return stopping != null && stopping != StopReason.SHUTDOWN;
  }

  /** A heartbeat that was sent at this time has extended the lease. */
  synchronized void heard(long sentNanos) {
    heardNanos = Math.max(heardNanos, sentNanos);
  }

  /** How long the handler may still go on without another heartbeat. */
  synchronized long nanosLeft(Duration leaseDuration) {
    return ended ? Long.MAX_VALUE : heardNanos + leaseDuration.toNanos() - System.nanoTime();
  }

  synchronized void progress(Progress progress) {
    news = progress;
  }

  synchronized void usage(Usage newUsage) {
    usage = newUsage;
    usageUntold = true;
  }

  synchronized Optional<Usage> usage() {
    return Optional.ofNullable(usage);
  }

  /** What was reported and not yet told. */
  synchronized Optional<Usage> untoldUsage() {
    return usageUntold ? usage() : Optional.empty();
  }

  synchronized boolean hasNews() {
    return news != null || usageUntold;
  }

  /** What the next heartbeat says; what is in it counts as told unless given back. */
  synchronized Beat.Pulse pulse() {
    Beat.Pulse pulse = new Beat.Pulse(token(), news, usageUntold ? usage : null);
    news = null;
    usageUntold = false;
    return pulse;
  }

  /** The heartbeat did not arrive. */
  synchronized void untold(Beat.Pulse pulse) {
    news = news == null ? pulse.progress() : news;
    usageUntold = usageUntold || pulse.usage() != null;
  }
}
