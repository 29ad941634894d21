package dev.coatcheck.server.bulk;

import dev.coatcheck.job.JobId;
import dev.coatcheck.operation.Place;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.json.Fingerprint;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in a list of dead letters as text, with a check that binds it to the list's filters. */
final class LetterCursor {

  private static final Pattern FORM = Pattern.compile("([0-9a-f]{1,12})-([0-9a-z]{26})\\.(.+)");

  private LetterCursor() {}

  static String of(Place last, String scope) {
    String id = last.job().toString().substring(JobId.PREFIX.length());
    return Long.toHexString(last.at().toEpochMilli()) + "-" + id + "." + check(last, scope);
  }

  static Place parse(String text, String scope) {
    Matcher parts = FORM.matcher(text);
    Optional<JobId> job =
        parts.matches() ? JobId.parse(JobId.PREFIX + parts.group(2)) : Optional.empty();
    if (job.isPresent()) {
      Instant at = Instant.ofEpochMilli(Long.parseLong(parts.group(1), 16));
      Place place = new Place(at, job.get());
      if (check(place, scope).equals(parts.group(3))) {
        return place;
      }
    }
    throw Problem.at(
        ProblemCode.INVALID_CURSOR, "?cursor", "is not a cursor of a list with these filters");
  }

  private static String check(Place place, String scope) {
    byte[] digest =
        Fingerprint.ofText(
            "letters " + place.at().toEpochMilli() + " " + place.job() + " " + scope);
    return HexFormat.of().formatHex(digest, 0, 8);
  }
}
