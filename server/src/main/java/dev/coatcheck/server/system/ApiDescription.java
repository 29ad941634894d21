package dev.coatcheck.server.system;

import dev.coatcheck.server.http.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;

/** The description of the API, served as it was packaged. */
public final class ApiDescription {

  private final byte[] description = resource("/openapi.yaml");

  /** {@code GET /v1/openapi.yaml}. */
  public void openapi(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    exchange.send(200, "application/yaml", description);
  }

  private static byte[] resource(String name) {
    try (InputStream in = ApiDescription.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + name);
      }
      return in.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
