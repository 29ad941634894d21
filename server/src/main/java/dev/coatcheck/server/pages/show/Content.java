package dev.coatcheck.server.pages.show;

import dev.coatcheck.job.Payload;
import dev.coatcheck.server.json.InvalidJsonException;
import dev.coatcheck.server.json.Json;
import dev.coatcheck.server.json.PrettyJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** What an input or output holds, by its shape. */
public sealed interface Content {

  /** Longer text is folded. */
  int FOLD = 600;

  /** More JSON than this is not put on a page. */
  int PAGE_MAX = 200_000;

  /** There is none. */
  record Nothing() implements Content {}

  /** A text alone, as a chat answers. */
  record Plain(String text, Code code) implements Content {}

  /** A summary of a document. */
  record Summary(Article article, Code code) implements Content {}

  /** An object, member by member. */
  record Members(List<Member> members, Code code) implements Content {}

  /** Anything else. */
  record Other(Code code) implements Content {}

  /**
   * A member of an object.
   *
   * @param code whether the text is JSON
   */
  record Member(String name, String text, boolean code) {

    public boolean folded() {
      return text.length() > FOLD;
    }
  }

  /**
   * JSON laid out for people.
   *
   * @param text perhaps only its beginning
   * @param bytes of the whole
   */
  record Code(String text, boolean cut, long bytes) {

    public static Code of(Payload json) {
      boolean pretty = json.size() <= 2 * PAGE_MAX && !parse(json).isMissingNode();
      String text = pretty ? PrettyJson.of(json.text()) : json.text();
      boolean cut = text.length() > PAGE_MAX;
      return new Code(cut ? text.substring(0, PAGE_MAX) : text, cut, json.size());
    }

    public boolean folded() {
      return text.length() > 4 * FOLD;
    }
  }

  /** The content of an output. */
  static Content ofOutput(@Nullable Payload json) {
    if (json == null || json.size() == 0) {
      return new Nothing();
    }
    Code code = Code.of(json);
    JsonNode node = parse(json);
    if (Article.fits(node)) {
      return new Summary(Article.of(node), code);
    }
    JsonNode text = node.isString() ? node : node.path("text");
    return text.isString() && !text.stringValue().isBlank()
        ? new Plain(text.stringValue(), code)
        : new Other(code);
  }

  /** The content of an input. */
  static Content ofInput(Payload json) {
    Code code = Code.of(json);
    JsonNode node = parse(json);
    if (!node.isObject() || node.isEmpty() || node.size() > 30) {
      return new Other(code);
    }
    List<Member> members = new ArrayList<>();
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      JsonNode value = member.getValue();
      boolean text = value.isString();
      String shown =
          text
              ? value.stringValue()
              : value.isContainer() ? PrettyJson.of(value.toString()) : value.toString();
      members.add(new Member(member.getKey(), Figures.cut(shown, PAGE_MAX), !text));
    }
    return new Members(members, code);
  }

  /** The value; a missing one if it is deeper or otherwise stranger than input may be. */
  private static JsonNode parse(Payload json) {
    try {
      return Json.parse(json.bytes());
    } catch (InvalidJsonException notStrict) {
      return MissingNode.getInstance();
    }
  }
}
