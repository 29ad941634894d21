package dev.coatcheck.fuzz;

import dev.coatcheck.server.http.Accept;
import dev.coatcheck.server.http.EntityTag;
import dev.coatcheck.server.http.Paths;
import dev.coatcheck.server.http.Preference;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.Query;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Query strings and headers are read or refused, in time that their length explains. */
public final class HeadersFuzz {

  private static final long NANOS_MAX = 2_000_000_000L;

  private HeadersFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    long began = System.nanoTime();
    if (Accept.names(text, "text/event-stream")) {
      Claim.that(Accept.allows(text, "text/event-stream"), "what is named is allowed");
    }
    Preference.wait(List.of(text))
        .ifPresent(wait ->
            Claim.that(
                !wait.isNegative() && wait.compareTo(Preference.WAIT_MAX) <= 0,
                "a wait has bounds"));
    EntityTag.matches(List.of(text), "\"tag\"");
    Paths.shown(text);
    query(text);
    Claim.that(System.nanoTime() - began < NANOS_MAX, "a header is read in time");
  }

  private static void query(String text) {
    try {
      Map<String, String> all = Query.parse(text).all();
      Claim.that(Query.parse(encode(all)).all().equals(all), "a query can be written again");
    } catch (Problem refused) {
      Claim.that(refused.getMessage() != null, "a refusal says why");
    }
  }

  private static String encode(Map<String, String> all) {
    StringBuilder out = new StringBuilder();
    all.forEach((name, value) ->
        out.append(out.isEmpty() ? "" : "&")
            .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return out.toString();
  }
}
