package dev.coatcheck.fuzz;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import java.nio.charset.StandardCharsets;

/** Every id and token has one text: whatever is taken is what would be written. */
public final class IdsFuzz {

  private IdsFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.ISO_8859_1);
    check(JobId.PREFIX + text);
    check(FileId.PREFIX + text);
    check(RunnerId.PREFIX + text);
    check(LeaseToken.PREFIX + text);
    check(CallbackToken.PREFIX + text);
    check(text);
  }

  private static void check(String text) {
    JobId.parse(text)
        .ifPresent(id -> {
          same(text, id.toString());
          Claim.that(id.createdAt().toEpochMilli() >= 0, "no job is older than its clock");
          Claim.that(
              id.compareTo(JobId.floor(id.createdAt())) >= 0, "an id is not before its time");
        });
    FileId.parse(text).ifPresent(id -> same(text, id.toString()));
    RunnerId.parse(text).ifPresent(id -> same(text, id.toString()));
    LeaseToken.parse(text)
        .ifPresent(token -> {
          same(text, token.wire());
          Claim.that(!token.toString().contains(text), "a token is not shown");
        });
    CallbackToken.parse(text)
        .ifPresent(token -> {
          same(text, token.wire());
          Claim.that(token.hash().equals(CallbackToken.hash(token.secret())), "a hash is a hash");
        });
  }

  private static void same(String text, String written) {
    Claim.that(text.equals(written), "one id, one text: " + text + " is " + written);
  }
}
