package dev.coatcheck.server.json;

import dev.coatcheck.job.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts and joins valid JSON without reading it as values, so that every number and string keeps its
 * own text: 1.10 stays 1.10, and 1e400 stays 1e400.
 */
public final class RawJson {

  private static final Payload NULL = Payload.utf8("null");

  private RawJson() {}

  /** A member's name, still quoted and escaped, and its value. */
  private record Member(Payload name, Payload value) {}

  /** The same text without white space between tokens. */
  public static byte[] compact(byte[] json) {
    byte[] out = new byte[json.length];
    int length = 0;
    boolean quoted = false;
    for (int i = 0; i < json.length; i++) {
      byte b = json[i];
      if (quoted) {
        out[length++] = b;
        if (b == '\\') {
          out[length++] = json[++i];
        } else if (b == '"') {
          quoted = false;
        }
      } else if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        out[length++] = b;
        quoted = b == '"';
      }
    }
    return length == json.length ? json : Arrays.copyOf(out, length);
  }

  /** The values of a compact object's members, in their order. */
  public static List<Payload> values(Payload object) {
    return members(object.bytes()).stream().map(Member::value).toList();
  }

  /** The items of a compact array, in their order. */
  public static List<Payload> items(Payload array) {
    byte[] json = array.bytes();
    List<Payload> items = new ArrayList<>();
    int at = 1;
    while (json[at] != ']') {
      int end = end(json, at);
      items.add(Payload.of(Arrays.copyOfRange(json, at, end)));
      at = json[end] == ',' ? end + 1 : end;
    }
    return items;
  }

  /** The members of a compact object, in their order. */
  public static Map<String, Payload> object(Payload object) {
    Map<String, Payload> members = new LinkedHashMap<>();
    members(object.bytes()).forEach(member -> members.put(name(member), member.value));
    return members;
  }

  /** A merge patch (RFC 7396) of compact JSON. */
  public static Payload merge(Payload target, Payload patch) {
    if (patch.bytes()[0] != '{') {
      return patch;
    }
    Map<String, Member> merged = new LinkedHashMap<>();
    if (target.bytes()[0] == '{') {
      members(target.bytes()).forEach(member -> merged.put(name(member), member));
    }
    for (Member change : members(patch.bytes())) {
      if (change.value.equals(NULL)) {
        merged.remove(name(change));
      } else {
        Member old = merged.get(name(change));
        Payload before = old == null ? NULL : old.value;
        merged.put(name(change), new Member(change.name, merge(before, change.value)));
      }
    }
    return join(List.copyOf(merged.values()));
  }

  private static String name(Member member) {
    try {
      return Json.parse(member.name.bytes()).asString();
    } catch (InvalidJsonException impossible) {
      throw new IllegalArgumentException(impossible);
    }
  }

  private static Payload join(List<Member> members) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write('{');
    for (int i = 0; i < members.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.writeBytes(members.get(i).name.bytes());
      out.write(':');
      out.writeBytes(members.get(i).value.bytes());
    }
    out.write('}');
    return Payload.of(out.toByteArray());
  }

  private static List<Member> members(byte[] object) {
    List<Member> members = new ArrayList<>();
    int at = 1;
    while (object[at] != '}') {
      int nameEnd = end(object, at);
      int valueEnd = end(object, nameEnd + 1);
      members.add(
          new Member(
              Payload.of(Arrays.copyOfRange(object, at, nameEnd)),
              Payload.of(Arrays.copyOfRange(object, nameEnd + 1, valueEnd))));
      at = object[valueEnd] == ',' ? valueEnd + 1 : valueEnd;
    }
    return members;
  }

  /** The place after the value that starts here. */
  private static int end(byte[] json, int start) {
    int depth = 0;
    int at = start;
    do {
      switch (json[at]) {
        case '"' -> at = endOfString(json, at);
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          depth--;
          at++;
        }
        case ',', ':' -> at++;
        default -> at = endOfWord(json, at);
      }
    } while (depth > 0);
    return at;
  }

  private static int endOfString(byte[] json, int start) {
    int at = start + 1;
    while (json[at] != '"') {
      at += json[at] == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private static int endOfWord(byte[] json, int start) {
    int at = start;
    while (at < json.length && ",:]}".indexOf(json[at]) < 0) {
      at++;
    }
    return at;
  }

  /** Text for a line of a stream, which must not contain a line break. */
  public static String oneLine(byte[] json) {
    String text = new String(json, StandardCharsets.UTF_8);
    return text.indexOf('\n') < 0 && text.indexOf('\r') < 0
        ? text
        : new String(compact(json), StandardCharsets.UTF_8);
  }
}
