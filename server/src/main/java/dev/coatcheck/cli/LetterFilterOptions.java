package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Target;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Which dead letters are meant. */
final class LetterFilterOptions {

  @Option(names = "--worker", paramLabel = "WORKER", description = "Only of this worker.")
  private @Nullable String worker;

  @Option(names = "--code", paramLabel = "CODE", description = "Only with this error code.")
  private @Nullable String code;

  @Option(
      names = "--fingerprint",
      paramLabel = "HASH",
      description = "Only those alike; see ./coatcheck dead-letters groups.")
  private @Nullable String fingerprint;

  @Option(
      names = "--failed-after",
      paramLabel = "TIME",
      description = "Only what failed then or later, like 2027-01-31T08:30:00Z.")
  private @Nullable String failedAfter;

  @Option(
      names = "--failed-before",
      paramLabel = "TIME",
      description = "Only what failed before then.")
  private @Nullable String failedBefore;

  boolean given() {
    return worker != null
        || code != null
        || fingerprint != null
        || failedAfter != null
        || failedBefore != null;
  }

  /** As parameters of a URL that has one already. */
  String parameters() {
    StringBuilder text = new StringBuilder();
    add(text, "worker", worker);
    add(text, "code", code);
    add(text, "fingerprint", fingerprint);
    add(text, "failed_after", failedAfter);
    add(text, "failed_before", failedBefore);
    return text.toString();
  }

  /** As members of a filter. */
  void addTo(ObjectNode filter) {
    put(filter, "worker", worker);
    put(filter, "code", code);
    put(filter, "fingerprint", fingerprint);
    put(filter, "failed_after", failedAfter);
    put(filter, "failed_before", failedBefore);
  }

  static void add(StringBuilder text, String name, @Nullable String value) {
    if (value != null) {
      text.append('&').append(name).append('=').append(Target.segment(value));
    }
  }

  static void put(ObjectNode filter, String name, @Nullable String value) {
    if (value != null) {
      filter.put(name, value);
    }
  }
}
