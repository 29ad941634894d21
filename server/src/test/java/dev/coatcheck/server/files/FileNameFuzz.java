package dev.coatcheck.server.files;

import dev.coatcheck.fuzz.Claim;
import dev.coatcheck.server.http.Problem;
import java.nio.charset.StandardCharsets;

/** Names and types of files are refused, or harmless in every header and path. */
public final class FileNameFuzz {

  private FileNameFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    name(text);
    type(text);
  }

  private static void name(String text) {
    try {
      String name = FileName.of(text, "/file");
      Claim.that(name.getBytes(StandardCharsets.UTF_8).length <= 255, "a name has bounds");
      Claim.that(!name.contains("/") && !name.contains("\\") && !name.equals(".."), "no path");
      Claim.that(FileName.of(name, "/file").equals(name), "a name that was taken stays");
      String header = FileName.attachment(name);
      Claim.that(header.chars().allMatch(c -> c >= 32 && c < 127), "a header has plain characters");
      Claim.that(header.chars().filter(c -> c == '"').count() == 2, "a name ends where it ends");
    } catch (Problem refused) {
      Claim.that(refused.getMessage() != null, "a refusal says why");
    }
  }

  private static void type(String text) {
    try {
      String type = ContentType.of(text, "/file");
      Claim.that(type.chars().allMatch(c -> (c >= 32 && c < 127) || c == '\t'), "one line");
      String served = ContentType.served(type);
      Claim.that(
          !served.toLowerCase(java.util.Locale.ROOT).startsWith("text/html"), "no page is served");
    } catch (Problem refused) {
      Claim.that(refused.getMessage() != null, "a refusal says why");
    }
  }
}
