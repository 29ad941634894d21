package dev.coatcheck.server.runners;

import dev.coatcheck.job.Progress;
import dev.coatcheck.server.body.Members;
import java.util.Set;

/** Reads how far a runner says it is. */
final class ProgressReader {

  static final Set<String> MEMBERS = Set.of("fraction", "stage", "message");
  private static final int STAGE_MAX = 200;
  private static final int MESSAGE_MAX = 2_000;

  private ProgressReader() {}

  static Progress read(Members progress) {
    return new Progress(
        progress.number("fraction", 0, 1),
        progress.text("stage", STAGE_MAX),
        progress.text("message", MESSAGE_MAX));
  }
}
