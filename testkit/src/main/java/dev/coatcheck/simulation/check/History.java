package dev.coatcheck.simulation.check;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongSupplier;

/** Everything that witnesses saw, in order, and what of it broke an invariant. */
public final class History {

  private static final int FAILURES_MAX = 20;

  /** One thing that was seen. */
  public record Entry(long nanos, String who, String what) {
    @Override
    public String toString() {
      return "%10.3f  %-10s %s".formatted(nanos / 1e9, who, what);
    }
  }

  private final LongSupplier nanos;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private final MessageDigest digest;

  public History(LongSupplier nanos) {
    this.nanos = nanos;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  /** Virtual nanoseconds since the beginning. */
  long now() {
    return nanos.getAsLong();
  }

  public void tell(String who, String what) {
    long now = nanos.getAsLong();
    entries.add(new Entry(now, who, what));
    digest.update((now + who + '\t' + what + '\n').getBytes(StandardCharsets.UTF_8));
  }

  /** Notes that an invariant is broken; the run goes on. */
  public void broken(Invariant invariant, String what) {
    tell("CHECKER", invariant + ": " + what);
    if (failures.size() < FAILURES_MAX) {
      failures.add(new Failure(invariant, Duration.ofNanos(nanos.getAsLong()), what));
    }
  }

  /** Notes a broken invariant unless it holds. */
  public void require(
      boolean holds, Invariant invariant, java.util.function.Supplier<String> what) {
    if (!holds) {
      broken(invariant, what.get());
    }
  }

  public boolean sound() {
    return failures.isEmpty();
  }

  public List<Failure> failures() {
    return List.copyOf(failures);
  }

  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  public int size() {
    return entries.size();
  }

  /** A hash of all that was told; to be asked once, at the end. */
  public String hash() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
