package dev.coatcheck.server.edge;

import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** Refuses what a browser sends on behalf of a page that is not this server's. */
final class SameOrigin {

  private static final Set<String> SITES = Set.of("same-origin", "none");

  private SameOrigin() {}

  /**
   * Throws a problem for a foreign {@code Origin}, {@code null} among them, and for a {@code
   * Sec-Fetch-Site} that tells of another site.
   *
   * @param schemes by which the server may be reached at the request's own {@code Host}
   */
  static void require(Request request, Set<String> schemes) {
    String host = request.getHeaders().get(HttpHeader.HOST);
    for (String origin : request.getHeaders().getValuesList(HttpHeader.ORIGIN)) {
      if (schemes.stream().noneMatch(scheme -> origin.equalsIgnoreCase(scheme + "://" + host))) {
        throw crossOrigin("an Origin that is not this server's");
      }
    }
    for (String site : request.getHeaders().getValuesList("Sec-Fetch-Site")) {
      if (!SITES.contains(site)) {
        throw crossOrigin("Sec-Fetch-Site: " + site);
      }
    }
  }

  private static Problem crossOrigin(String why) {
    return Problem.of(ProblemCode.CROSS_ORIGIN, "The request has " + why + ".");
  }
}
