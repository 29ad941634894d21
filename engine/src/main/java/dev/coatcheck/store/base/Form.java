package dev.coatcheck.store.base;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Maps of text to text as one text, in the order of their keys, so that equal maps are equal. */
public final class Form {

  private Form() {}

  public static String encode(Map<String, String> entries) {
    if (entries.isEmpty()) {
      return "";
    }
    return new TreeMap<>(entries)
        .entrySet().stream()
            .map(e ->
                URLEncoder.encode(e.getKey(), UTF_8) + '=' + URLEncoder.encode(e.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
  }

  public static Map<String, String> decode(String text) {
    if (text.isEmpty()) {
      return Map.of();
    }
    Map<String, String> entries = new HashMap<>();
    for (String entry : text.split("&", -1)) {
      int equals = entry.indexOf('=');
      entries.put(
          URLDecoder.decode(entry.substring(0, equals), UTF_8),
          URLDecoder.decode(entry.substring(equals + 1), UTF_8));
    }
    return Map.copyOf(entries);
  }
}
