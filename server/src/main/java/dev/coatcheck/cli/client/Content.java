package dev.coatcheck.cli.client;

import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The body of a request, which can be sent more than once. */
public sealed interface Content {

  String type();

  /** For one try. */
  BodyPublisher publisher() throws FileNotFoundException;

  static Content json(String text) {
    return new Json(text);
  }

  /** JSON. */
  record Json(String text) implements Content {

    @Override
    public String type() {
      return "application/json";
    }

    @Override
    public BodyPublisher publisher() {
      return BodyPublishers.ofString(text, StandardCharsets.UTF_8);
    }
  }

  /**
   * A form (RFC 7578). Files are read while they are sent.
   *
   * @param values JSON by name
   * @param files paths by name
   */
  record Form(Map<String, String> values, Map<String, Path> files, String boundary)
      implements Content {

    public Form(Map<String, String> values, Map<String, Path> files) {
      this(values, files, "coatcheck-" + UUID.randomUUID());
    }

    @Override
    public String type() {
      return "multipart/form-data; boundary=" + boundary;
    }

    @Override
    public BodyPublisher publisher() throws FileNotFoundException {
      List<BodyPublisher> parts = new ArrayList<>();
      values.forEach((name, value) -> {
        parts.add(head(name, "", "application/json"));
        parts.add(text(value));
        parts.add(text("\r\n"));
      });
      for (Map.Entry<String, Path> file : files.entrySet()) {
        String fileName =
            "; filename=\"" + quoted(String.valueOf(file.getValue().getFileName())) + "\"";
        parts.add(head(file.getKey(), fileName, MediaType.of(file.getValue())));
        parts.add(BodyPublishers.ofFile(file.getValue()));
        parts.add(text("\r\n"));
      }
      parts.add(text("--" + boundary + "--\r\n"));
      return BodyPublishers.concat(parts.toArray(BodyPublisher[]::new));
    }

    private BodyPublisher head(String name, String fileName, String type) {
      return text(
          "--"
              + boundary
              + "\r\nContent-Disposition: form-data; name=\""
              + quoted(name)
              + "\""
              + fileName
              + "\r\nContent-Type: "
              + type
              + "\r\n\r\n");
    }

    private static BodyPublisher text(String text) {
      return BodyPublishers.ofString(text, StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
      return text.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
    }
  }
}
