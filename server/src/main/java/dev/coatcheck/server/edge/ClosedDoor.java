package dev.coatcheck.server.edge;

import dev.coatcheck.server.config.AdminKey;
import dev.coatcheck.server.http.Accept;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.http.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** The door of a server with a key: only health is told to strangers. */
final class ClosedDoor implements Doorman {

  private static final Set<String> FREE = Set.of("/health/live", "/health/ready", "/login");
  private static final String ASSETS = "/assets/";
  private static final String API = "/v1/";

  /** Whoever calls back has no key, but a token that the route looks at. */
  private static final Pattern CALLBACK = Pattern.compile("/v1/callbacks/[A-Za-z0-9_-]+");

  private static final Pattern FILE = Pattern.compile("/v1/files/[a-z0-9_]+/content");
  private static final Set<String> KEY_PARAMETERS =
      Set.of("api_key", "apikey", "api-key", "key", "token", "access_token", "x-api-key");

  private final AdminKey key;
  private final Sessions sessions;

  ClosedDoor(AdminKey key, Sessions sessions) {
    this.key = key;
    this.sessions = sessions;
  }

  @Override
  public void check(Request request) {
    String path = request.getHttpURI().getPath();
    if (FREE.contains(path) || path.startsWith(ASSETS)) {
      return;
    }
    checkQuery(request);
    if (bringsLink(request) || callsBack(request)) {
      return;
    }
    List<String> given = given(request);
    if (given.isEmpty() && sessions.holds(request.getHeaders().getValuesList(HttpHeader.COOKIE))) {
      // A session is the browser's, so what it sends may be another site's doing.
      SameOrigin.require(request, Set.of("http", "https"));
      return;
    }
    if (given.isEmpty() && wantsPage(request)) {
      throw Problem.of(ProblemCode.UNAUTHENTICATED, 303, "Sign in first.")
          .header("Location", "/login");
    }
    if (given.size() != 1 || !key.matches(given.getFirst())) {
      throw Problem.of(
              ProblemCode.UNAUTHENTICATED,
              "Send the key as Authorization: Bearer … or X-Api-Key: ….")
          .header("WWW-Authenticate", "Bearer realm=\"coatcheck\"");
    }
  }

  private static boolean wantsPage(Request request) {
    return request.getMethod().equals("GET")
        && !request.getHttpURI().getPath().startsWith(API)
        && Accept.names(request.getHeaders().get(HttpHeader.ACCEPT), "text/html");
  }

  private static boolean callsBack(Request request) {
    return request.getMethod().equals("POST")
        && CALLBACK.matcher(request.getHttpURI().getPath()).matches();
  }

  /** A link to a file is its own key; the route looks whether it is genuine. */
  private static boolean bringsLink(Request request) {
    String query = request.getHttpURI().getQuery();
    return query != null
        && FILE.matcher(request.getHttpURI().getPath()).matches()
        && Query.parse(query).get("sig").isPresent();
  }

  private static void checkQuery(Request request) {
    String query = request.getHttpURI().getQuery();
    if (query == null) {
      return;
    }
    for (String name : Query.parse(query).all().keySet()) {
      if (KEY_PARAMETERS.contains(name.toLowerCase(Locale.ROOT))) {
        throw Problem.of(
                ProblemCode.KEY_IN_URL,
                "URLs are logged on their way: send the key in a header, and replace this one.")
            .header("WWW-Authenticate", "Bearer realm=\"coatcheck\"");
      }
    }
  }

  private static List<String> given(Request request) {
    List<String> given = new ArrayList<>(request.getHeaders().getValuesList("X-Api-Key"));
    for (String value : request.getHeaders().getValuesList(HttpHeader.AUTHORIZATION)) {
      boolean bearer = value.regionMatches(true, 0, "Bearer ", 0, 7);
      given.add(bearer ? value.substring(7).trim() : "");
    }
    return given;
  }

  @Override
  public String mode() {
    return "closed";
  }
}
