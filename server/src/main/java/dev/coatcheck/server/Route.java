package dev.coatcheck.server;

import dev.coatcheck.server.http.Exchange;

/**
 * A method and path, and what it does.
 *
 * @param produces the type of a good answer; empty where the action decides
 */
record Route(String method, String path, String produces, Exchange.Action action) {

  static Route get(String path, Exchange.Action action) {
    return new Route("GET", path, Exchange.JSON, action);
  }

  static Route get(String path, String produces, Exchange.Action action) {
    return new Route("GET", path, produces, action);
  }

  static Route post(String path, Exchange.Action action) {
    return new Route("POST", path, Exchange.JSON, action);
  }
}
