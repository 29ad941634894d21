package dev.coatcheck.server.json;

/** Lays valid JSON out for people; every number and string keeps its own text. */
public final class PrettyJson {

  private static final String INDENT = "  ";

  /** Deeper lines are not indented further, so that depth cannot make the text long. */
  private static final int INDENTS_MAX = 20;

  private final String json;
  private final StringBuilder out;
  private int depth;

  private PrettyJson(String json) {
    this.json = json;
    this.out = new StringBuilder(json.length() * 2);
  }

  /** The same JSON with a member or item a line. */
  public static String of(String json) {
    return new PrettyJson(json).layOut();
  }

  private String layOut() {
    int at = 0;
    while (at < json.length()) {
      char c = json.charAt(at);
      switch (c) {
        case '"' -> at = string(at) - 1;
        case '{', '[' -> open(c, at);
        case '}', ']' -> close(c, at);
        case ',' -> line(",");
        case ':' -> out.append(": ");
        case ' ', '\n', '\r', '\t' -> {}
        default -> out.append(c);
      }
      at++;
    }
    return out.toString();
  }

  private int string(int start) {
    int at = start + 1;
    while (json.charAt(at) != '"') {
      at += json.charAt(at) == '\\' ? 2 : 1;
    }
    out.append(json, start, at + 1);
    return at + 1;
  }

  private void open(char bracket, int at) {
    out.append(bracket);
    depth++;
    if (!empty(at)) {
      line("");
    }
  }

  private void close(char bracket, int at) {
    depth--;
    if (!emptied(at)) {
      line("");
    }
    out.append(bracket);
  }

  private boolean empty(int at) {
    int next = at + 1;
    while (Character.isWhitespace(json.charAt(next))) {
      next++;
    }
    return json.charAt(next) == '}' || json.charAt(next) == ']';
  }

  private boolean emptied(int at) {
    int last = at - 1;
    while (Character.isWhitespace(json.charAt(last))) {
      last--;
    }
    return json.charAt(last) == '{' || json.charAt(last) == '[';
  }

  private void line(String before) {
    out.append(before).append('\n').append(INDENT.repeat(Math.min(depth, INDENTS_MAX)));
  }
}
