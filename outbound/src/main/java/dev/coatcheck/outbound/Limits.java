package dev.coatcheck.outbound;

import java.time.Duration;

/**
 * How long and how large an exchange may be.
 *
 * @param connect bound of the connection to one address
 * @param total bound of everything together, from the resolution to the last byte
 * @param head bytes of the answer before its body, interim answers included
 * @param body bytes of the body
 * @param excess what becomes of a larger body
 */
public record Limits(Duration connect, Duration total, int head, long body, Excess excess) {

  public static final Duration CONNECT = Duration.ofSeconds(5);
  public static final int HEAD = 16 << 10;

  /** What becomes of a body that is larger than its limit. */
  public enum Excess {
    /** The exchange fails. */
    FAIL,
    /** The body ends at the limit, and the answer says so. */
    CUT
  }

  public Limits {
    if (!connect.isPositive() || !total.isPositive() || head < 1 || body < 0) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }

  /** Fails if the body is larger. */
  public static Limits of(Duration total, long body) {
    return new Limits(CONNECT, total, HEAD, body, Excess.FAIL);
  }

  /** Cuts a larger body. */
  public Limits cutting() {
    return new Limits(connect, total, head, body, Excess.CUT);
  }

  public Limits withConnect(Duration value) {
    return new Limits(value, total, head, body, excess);
  }
}
