package dev.coatcheck.server.system;

import dev.coatcheck.server.http.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;

/** What is served as it was packaged: the description of the API and the first page. */
public final class PageRoutes {

  private static final String CSP =
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private final byte[] description = resource("/openapi.yaml");
  private final byte[] page = resource("/home.html");

  /** {@code GET /v1/openapi.yaml}. */
  public void openapi(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    exchange.send(200, "application/yaml", description);
  }

  /** {@code GET /}. */
  public void home(Exchange exchange) throws Exception {
    exchange.answerHeader("Content-Security-Policy", CSP);
    exchange.answerHeader("Referrer-Policy", "no-referrer");
    exchange.send(200, "text/html; charset=utf-8", page);
  }

  private static byte[] resource(String name) {
    try (InputStream in = PageRoutes.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + name);
      }
      return in.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
