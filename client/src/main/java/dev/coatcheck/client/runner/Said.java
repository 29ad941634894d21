package dev.coatcheck.client.runner;

import dev.coatcheck.client.http.Answer;
import tools.jackson.databind.JsonNode;

/**
 * What the server said to a last word, be it alone or among many.
 *
 * @param code of the problem; empty if there is none
 * @param detail of the problem, for people; empty if there is none
 */
record Said(int status, String code, String detail) {

  private static final int OK = 200;

  static Said of(Answer answer) {
    String detail = answer.ok() ? "" : answer.json().path("detail").asString("");
    return new Said(answer.status(), answer.code(), detail);
  }

  /** One of many answers: that of the verb, or a problem, which has a code. */
  static Said of(JsonNode item) {
    return item.has("code")
        ? new Said(
            item.path("status").asInt(0),
            item.path("code").asString(""),
            item.path("detail").asString(""))
        : new Said(OK, "", "");
  }

  boolean ok() {
    return status / 100 == 2;
  }

  /** It may be taken later, or the status says nothing. */
  boolean passing() {
    return status < OK || status == 408 || status == 429 || status >= 500;
  }
}
