package dev.coatcheck.server.files;

import dev.coatcheck.job.FileId;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.secret.SecretKey;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * Links to the content of files that work without a key for a while: {@code exp} is when that ends
 * in seconds since 1970, {@code sig} the signature of method, id and {@code exp}. A link for GET is
 * good for HEAD too.
 */
public final class Links {

  private static final String METHOD = "GET";

  private final SecretKey.Signer signer;
  private final Duration ttl;

  /**
   * Makes and checks links.
   *
   * @param ttl how long a link works
   */
  public Links(SecretKey key, Duration ttl) {
    this.signer = key.signer("file-link");
    this.ttl = ttl;
  }

  /** Path and query of a new link. */
  public String mint(FileId id, Instant now) {
    long exp = now.plus(ttl).getEpochSecond();
    return "/v1/files/" + id + "/content?exp=" + exp + "&sig=" + signature(id, exp);
  }

  /** Throws a problem unless the link was minted here and its time is not over. */
  void check(FileId id, String exp, String sig, Instant now) {
    boolean number = exp.matches("\\d{1,12}");
    long until = number ? Long.parseLong(exp) : 0;
    byte[] expected = signature(id, until).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    byte[] given = sig.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    boolean genuine = MessageDigest.isEqual(expected, given);
    if (!genuine || !number || now.getEpochSecond() >= until) {
      throw Problem.of(
          ProblemCode.LINK_INVALID,
          "The link was altered or its time is over. Read the file again for a new one.");
    }
  }

  private String signature(FileId id, long exp) {
    byte[] signature = signer.sign(METHOD + "\n" + id + "\n" + exp);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
  }
}
