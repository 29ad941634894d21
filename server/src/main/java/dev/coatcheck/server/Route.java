package dev.coatcheck.server;

import dev.coatcheck.server.http.Exchange;

/**
 * A method and path, and what it does.
 *
 * @param produces the type of a good answer; empty where the action decides
 */
record Route(String method, String path, String produces, Exchange.Action action) {

  private static final String HTML = "text/html";

  static Route get(String path, Exchange.Action action) {
    return new Route("GET", path, Exchange.JSON, action);
  }

  static Route get(String path, String produces, Exchange.Action action) {
    return new Route("GET", path, produces, action);
  }

  static Route post(String path, Exchange.Action action) {
    return new Route("POST", path, Exchange.JSON, action);
  }

  static Route post(String path, String produces, Exchange.Action action) {
    return new Route("POST", path, produces, action);
  }

  static Route put(String path, Exchange.Action action) {
    return new Route("PUT", path, Exchange.JSON, action);
  }

  /** Takes something away; there is nothing to answer with. */
  static Route delete(String path, Exchange.Action action) {
    return new Route("DELETE", path, "", action);
  }

  static Route page(String path, Exchange.Action action) {
    return new Route("GET", path, HTML, action);
  }

  /** What a page needs and is none itself. */
  static Route pagePart(String path, Exchange.Action action) {
    return new Route("GET", path, "", action);
  }

  /** Takes a form of a page. */
  static Route form(String path, Exchange.Action action) {
    return new Route("POST", path, HTML, action);
  }
}
