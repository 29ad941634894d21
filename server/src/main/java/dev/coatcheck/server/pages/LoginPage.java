package dev.coatcheck.server.pages;

import dev.coatcheck.server.edge.Sessions;
import dev.coatcheck.server.http.Exchange;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Showing the key once for a session; only a closed server asks for it. */
public final class LoginPage {

  private final Pages pages;
  private final Optional<Sessions> sessions;

  /**
   * @param sessions empty for an open server, which has no use for them
   */
  public LoginPage(Pages pages, Optional<Sessions> sessions) {
    this.pages = pages;
    this.sessions = sessions;
  }

  /**
   * What the page shows.
   *
   * @param refused whether a wrong key was given
   */
  public record View(boolean refused) {}

  /** {@code GET /login}. */
  public void login(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    if (sessions.isEmpty()) {
      home(exchange);
    } else {
      show(exchange, 200, new View(false));
    }
  }

  /** {@code POST /login}. */
  public void begin(Exchange exchange) throws Exception {
    String key = exchange.formBody().only(Set.of("key"), null).get("key").orElse("");
    @Nullable String cookie = sessions.map(all -> all.begin(key.strip())).orElse(null);
    if (cookie == null && sessions.isPresent()) {
      show(exchange, 401, new View(true));
      return;
    }
    if (cookie != null) {
      exchange.answerHeader("Set-Cookie", cookie);
    }
    home(exchange);
  }

  /** {@code POST /logout}. */
  public void end(Exchange exchange) {
    sessions.ifPresent(all -> exchange.answerHeader("Set-Cookie", all.end()));
    exchange.answerHeader("Location", "/login");
    exchange.empty(303);
  }

  private void show(Exchange exchange, int status, View view) throws Exception {
    pages.send(exchange, status, pages.shell("Sign in", "login"), "login", view);
  }

  private static void home(Exchange exchange) {
    exchange.answerHeader("Location", "/");
    exchange.empty(303);
  }
}
