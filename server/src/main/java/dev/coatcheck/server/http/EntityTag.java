package dev.coatcheck.server.http;

import java.util.List;

/** The comparison of {@code If-None-Match} (RFC 9110, 13.1.2). */
public final class EntityTag {

  private EntityTag() {}

  /** Whether one of the tags in the headers is this one, weak or not, or any. */
  public static boolean matches(List<String> headers, String etag) {
    for (String header : headers) {
      for (String tag : header.split(",", -1)) {
        String bare = tag.strip();
        if (bare.equals("*") || bare.equals(etag) || bare.equals("W/" + etag)) {
          return true;
        }
      }
    }
    return false;
  }
}
