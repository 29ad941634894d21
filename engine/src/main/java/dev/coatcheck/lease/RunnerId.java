package dev.coatcheck.lease;

import dev.coatcheck.job.Crockford;
import java.util.Optional;

/** Who executes attempts: this process, or a client that leases over HTTP. */
public record RunnerId(long high, long low) {

  public static final String PREFIX = "run_";

  public static Optional<RunnerId> parse(String text) {
    int offset = PREFIX.length();
    if (!text.startsWith(PREFIX) || !Crockford.valid(text, offset)) {
      return Optional.empty();
    }
    return Optional.of(new RunnerId(Crockford.high(text, offset), Crockford.low(text, offset)));
  }

  @Override
  public String toString() {
    return PREFIX + Crockford.encode(high, low);
  }
}
