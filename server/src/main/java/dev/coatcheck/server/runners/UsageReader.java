package dev.coatcheck.server.runners;

import dev.coatcheck.job.Usage;
import dev.coatcheck.server.body.Members;
import java.util.Set;

/** Reads what a runner says it used. */
final class UsageReader {

  private static final Set<String> MEMBERS = Set.of("input_tokens", "output_tokens", "cost_usd");
  private static final long TOKENS_MAX = 1_000_000_000_000L;

  /** A million US dollars. */
  private static final long MICROS_MAX = 1_000_000_000_000L;

  private UsageReader() {}

  /** The member {@code usage}; nothing used if it is missing. */
  static Usage read(Members body) {
    Members usage = body.object("usage", MEMBERS);
    return new Usage(
        usage.whole("input_tokens", 0, TOKENS_MAX),
        usage.whole("output_tokens", 0, TOKENS_MAX),
        usage.micros("cost_usd", MICROS_MAX));
  }
}
