package dev.coatcheck.cli;

import dev.coatcheck.cli.exit.CliException;

/** The id of a job as a person gives it. */
final class JobIds {

  private JobIds() {}

  /** What cannot be an id at all is wrong usage; the rest is for the server to judge. */
  static String given(String id) {
    if (id.isBlank() || id.length() > 100) {
      throw CliException.usage("ID: expected the id of a job, such as job_01k…");
    }
    return id.strip();
  }
}
