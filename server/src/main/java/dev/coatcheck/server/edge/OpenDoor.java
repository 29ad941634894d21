package dev.coatcheck.server.edge;

import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The door of a server on a loopback address without keys: everybody on this machine may come in,
 * and nobody else. Web pages, rebound names, proxies and tunnels are what could let others in.
 */
final class OpenDoor implements Doorman {

  private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  @Override
  public void check(Request request) {
    checkHost(request);
    for (HttpField field : request.getHeaders()) {
      if (tellsOfAProxy(field.getLowerCaseName())) {
        throw Problem.of(
            ProblemCode.OPEN_MODE_FORWARDED,
            "The request has "
                + field.getName()
                + ": it came through a proxy or tunnel. Create a key to run behind one.");
      }
    }
    SameOrigin.require(request, Set.of("http"));
  }

  private static void checkHost(Request request) {
    String host = request.getHeaders().get(HttpHeader.HOST);
    String authority = request.getHttpURI().getAuthority();
    if (!loopback(host) || (authority != null && !loopback(authority))) {
      throw Problem.of(
          ProblemCode.HOST_NOT_ALLOWED,
          "An open server answers for localhost, 127.0.0.1 and [::1] only.");
    }
  }

  private static boolean loopback(@Nullable String host) {
    if (host == null) {
      return false;
    }
    int colon = host.lastIndexOf(':');
    boolean port = colon > host.lastIndexOf(']');
    return (!port || number(host, colon + 1))
        && NAMES.contains((port ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT));
  }

  private static boolean number(String text, int from) {
    int digits = text.length() - from;
    return digits >= 1
        && digits <= 5
        && text.chars().skip(from).allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean tellsOfAProxy(String name) {
    return name.equals("forwarded")
        || name.startsWith("x-forwarded-")
        || name.equals("x-real-ip")
        || name.equals("via")
        || name.startsWith("cf-");
  }

  @Override
  public String mode() {
    return "open";
  }
}
