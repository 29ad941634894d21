package dev.coatcheck.server.jobs;

import dev.coatcheck.fuzz.Claim;
import dev.coatcheck.job.JobId;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.json.InvalidJsonException;
import dev.coatcheck.server.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;

/** No cursor is taken but one that was given out; options of a job are taken or refused. */
public final class CursorFuzz {

  private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);
  private static final JobId JOB = new JobId(NOW.toEpochMilli() << 16, 1);
  private static final String GIVEN = Cursor.of(JOB, "scope").toString();

  private CursorFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    cursor(text);
    cursor(GIVEN.substring(0, Math.floorMod(text.hashCode(), GIVEN.length())) + text);
    try {
      if (Json.parse(data).isObject()) {
        OptionsReader.read(Json.parse(data), NOW, new ArrayList<>());
      }
    } catch (InvalidJsonException | Problem refused) {
      Claim.that(refused.getMessage() != null, "a refusal says why");
    }
  }

  private static void cursor(String text) {
    try {
      JobId id = Cursor.parse(text, "scope");
      Claim.that(Cursor.of(id, "scope").toString().equals(text), "a cursor has one text");
    } catch (Problem refused) {
      Claim.that(!text.equals(GIVEN), "a cursor that was given out is taken");
    }
  }
}
