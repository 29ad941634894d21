package dev.coatcheck.client.runner;

import dev.coatcheck.client.Progress;
import dev.coatcheck.client.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A heartbeat: every lease that is held, with what is new of it. */
record Beat(String runner, List<Pulse> leases) {

  record Pulse(String leaseToken, @Nullable Progress progress, @Nullable Usage usage) {}

  /** The same without news. */
  Beat bare() {
    return new Beat(
        runner, leases.stream().map(pulse -> new Pulse(pulse.leaseToken(), null, null)).toList());
  }

  /** What the server says to it. */
  record Reply(List<State> leases) {}

  /**
   * What is to become of one lease.
   *
   * @param state {@code ok} or {@code stop}
   */
  record State(String leaseToken, String state, @Nullable String reason) {

    boolean stop() {
      return "stop".equals(state);
    }
  }
}
