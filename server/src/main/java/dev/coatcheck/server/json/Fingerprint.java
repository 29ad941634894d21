package dev.coatcheck.server.json;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** SHA-256 over canonical JSON: the order of members, white space and 1.0 or 1 do not matter. */
public final class Fingerprint {

  private final MessageDigest digest = sha256();

  public static byte[] ofText(String text) {
    return sha256().digest(text.getBytes(StandardCharsets.UTF_8));
  }

  public Fingerprint text(@Nullable String text) {
    if (text == null) {
      digest.update((byte) 'n');
    } else {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      digest.update((byte) 's');
      digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
      digest.update(bytes);
    }
    return this;
  }

  public Fingerprint value(@Nullable Object value) {
    return text(value == null ? null : value.toString());
  }

  public Fingerprint json(JsonNode node) {
    if (node.isObject()) {
      List<Map.Entry<String, JsonNode>> members = new ArrayList<>(node.properties());
      members.sort(Map.Entry.comparingByKey());
      digest.update((byte) '{');
      for (Map.Entry<String, JsonNode> member : members) {
        text(member.getKey());
        json(member.getValue());
      }
      digest.update((byte) '}');
    } else if (node.isArray()) {
      digest.update((byte) '[');
      node.forEach(this::json);
      digest.update((byte) ']');
    } else if (node.isString()) {
      text(node.stringValue());
    } else if (node.isNumber()) {
      digest.update((byte) 'd');
      text(node.decimalValue().stripTrailingZeros().toString());
    } else {
      digest.update((byte) 'w');
      text(node.asString());
    }
    return this;
  }

  public byte[] digest() {
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
