package dev.coatcheck.client.runner;

import java.time.Duration;

/** The server's times, as its latest answer gave them. */
record Pace(Duration lease, Duration heartbeat) {

  static final Pace UNKNOWN = new Pace(Duration.ofSeconds(30), Duration.ofSeconds(10));

  static Pace of(LeaseReply reply) {
    return new Pace(
        Duration.ofMillis(reply.leaseDurationMs()), Duration.ofMillis(reply.heartbeatIntervalMs()));
  }
}
