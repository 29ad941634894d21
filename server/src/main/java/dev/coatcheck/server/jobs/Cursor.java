package dev.coatcheck.server.jobs;

import dev.coatcheck.job.JobId;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.json.Fingerprint;
import java.util.HexFormat;
import java.util.Optional;

/** A place in a list: the last job seen, and a check that binds it to the list's filters. */
record Cursor(JobId last, String check) {

  static Cursor of(JobId last, String scope) {
    return new Cursor(last, check(last, scope));
  }

  static JobId parse(String text, String scope) {
    int dot = text.indexOf('.');
    Optional<JobId> id =
        dot < 0 ? Optional.empty() : JobId.parse(JobId.PREFIX + text.substring(0, dot));
    if (id.isEmpty() || !check(id.get(), scope).equals(text.substring(dot + 1))) {
      throw Problem.at(
          ProblemCode.INVALID_CURSOR, "?cursor", "is not a cursor of a list with these filters");
    }
    return id.get();
  }

  private static String check(JobId id, String scope) {
    byte[] digest = Fingerprint.ofText("cursor " + id + " " + scope);
    return HexFormat.of().formatHex(digest, 0, 8);
  }

  @Override
  public String toString() {
    return last.toString().substring(JobId.PREFIX.length()) + "." + check;
  }
}
