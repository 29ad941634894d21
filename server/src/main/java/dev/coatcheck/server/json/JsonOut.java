package dev.coatcheck.server.json;

import dev.coatcheck.job.Payload;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes one JSON value; null members are written as null. */
public final class JsonOut {

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final DateTimeFormatter INSTANT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private final JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes);

  /** Writes what stands inside an object or array. */
  @FunctionalInterface
  public interface Part {
    void write(JsonOut out);
  }

  /** The bytes of an object. */
  public static byte[] object(Part members) {
    JsonOut out = new JsonOut();
    out.out.writeStartObject();
    members.write(out);
    out.out.writeEndObject();
    return out.bytes();
  }

  private byte[] bytes() {
    out.close();
    return bytes.toByteArray();
  }

  /** An instant as RFC 3339 in UTC with milliseconds. */
  public static String text(Instant at) {
    return INSTANT.format(at);
  }

  public JsonOut string(String name, @Nullable String value) {
    out.writeName(name);
    if (value == null) {
      out.writeNull();
    } else {
      out.writeString(value);
    }
    return this;
  }

  public JsonOut instant(String name, @Nullable Instant value) {
    return string(name, value == null ? null : text(value));
  }

  public JsonOut number(String name, @Nullable Number value) {
    out.writeName(name);
    switch (value) {
      case null -> out.writeNull();
      case BigDecimal decimal -> out.writeNumber(decimal);
      case Double real -> out.writeNumber(real);
      default -> out.writeNumber(value.longValue());
    }
    return this;
  }

  public JsonOut millis(String name, @Nullable Duration value) {
    return number(name, value == null ? null : value.toMillis());
  }

  /** Millionths as a decimal number. */
  public JsonOut micros(String name, @Nullable Long value) {
    BigDecimal decimal = value == null ? null : BigDecimal.valueOf(value, 6).stripTrailingZeros();
    return number(name, decimal == null || decimal.scale() >= 0 ? decimal : decimal.setScale(0));
  }

  public JsonOut bool(String name, boolean value) {
    out.writeName(name);
    out.writeBoolean(value);
    return this;
  }

  public JsonOut nil(String name) {
    out.writeName(name);
    out.writeNull();
    return this;
  }

  /** JSON text as it is; null where there is none. */
  public JsonOut raw(String name, @Nullable Payload json) {
    out.writeName(name);
    raw(json);
    return this;
  }

  private void raw(@Nullable Payload json) {
    if (json == null || json.size() == 0) {
      out.writeNull();
    } else {
      out.writeRawValue(new String(json.bytes(), StandardCharsets.UTF_8));
    }
  }

  public JsonOut object(String name, Part members) {
    out.writeName(name);
    item(members);
    return this;
  }

  public JsonOut array(String name, Part items) {
    out.writeName(name);
    out.writeStartArray();
    items.write(this);
    out.writeEndArray();
    return this;
  }

  /** An object as an item of an array. */
  public void item(Part members) {
    out.writeStartObject();
    members.write(this);
    out.writeEndObject();
  }

  /** A string as an item of an array. */
  public void item(String value) {
    out.writeString(value);
  }

  public JsonOut strings(String name, Map<String, String> members) {
    return object(name, inner -> members.forEach(inner::string));
  }
}
