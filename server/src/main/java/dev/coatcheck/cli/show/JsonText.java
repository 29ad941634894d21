package dev.coatcheck.cli.show;

import dev.coatcheck.cli.client.Json;
import dev.coatcheck.cli.screen.Inert;
import tools.jackson.databind.JsonNode;

/** JSON shown to a person. */
public final class JsonText {

  private JsonText() {}

  /** The same JSON, with what a terminal would obey written as escapes. */
  public static String safe(String json) {
    return Inert.block(json);
  }

  /** A text as it is, anything else as indented JSON; safe to show. */
  public static String readable(JsonNode value) {
    return value.isString() ? Inert.block(value.asString()) : safe(Json.pretty(value));
  }
}
