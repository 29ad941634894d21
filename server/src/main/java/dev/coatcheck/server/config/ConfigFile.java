package dev.coatcheck.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The configuration file: YAML, nested or with dotted keys. {@code ${env:NAME}} and {@code
 * ${file:PATH}} stand for an environment variable and the content of a file, here and nowhere else.
 */
final class ConfigFile {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]*)}");
  private static final long FILE_MAX = 1 << 20;

  private final Path path;
  private final Map<String, String> environment;
  private final List<String> problems;
  private final Map<String, String> values = new LinkedHashMap<>();

  private ConfigFile(Path path, Map<String, String> environment, List<String> problems) {
    this.path = path;
    this.environment = environment;
    this.problems = problems;
  }

  /** The values by dotted key; what is wrong is added to the problems. */
  static Map<String, String> read(
      Path path, Map<String, String> environment, List<String> problems) {
    ConfigFile file = new ConfigFile(path, environment, problems);
    file.read();
    return file.values;
  }

  private void read() {
    try {
      if (Files.size(path) > FILE_MAX) {
        problems.add(path + ": larger than a configuration file can be");
        return;
      }
      YAMLFactory yaml =
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
      JsonNode root = new YAMLMapper(yaml).readTree(Files.readString(path));
      if (root.isObject()) {
        flatten(root, "");
      } else if (!root.isMissingNode() && !root.isNull()) {
        problems.add(path + ": must be a map of keys");
      }
    } catch (NoSuchFileException missing) {
      problems.add(path + ": cannot be read: there is no such file");
    } catch (IOException unreadable) {
      problems.add(path + ": cannot be read: " + unreadable.getClass().getSimpleName());
    } catch (JacksonException malformed) {
      String message = malformed.getOriginalMessage();
      problems.add(path + ": " + (message == null ? "not YAML" : message.split("\n", 2)[0]));
    }
  }

  private void flatten(JsonNode node, String prefix) {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String key = prefix + member.getKey();
      JsonNode value = member.getValue();
      if (value.isObject()) {
        flatten(value, key + ".");
      } else if (value.isArray()) {
        put(key, String.join(",", value.valueStream().map(JsonNode::asString).toList()));
      } else if (!value.isNull()) {
        put(key, value.asString());
      }
    }
  }

  private void put(String key, String text) {
    String value =
        REFERENCE
            .matcher(text)
            .replaceAll(reference ->
                Matcher.quoteReplacement(resolve(key, reference.group(1), reference.group(2))));
    if (values.putIfAbsent(key, value) != null) {
      problems.add(path + ": " + key + " is given twice");
    }
  }

  private String resolve(String key, String kind, String name) {
    if (kind.equals("env")) {
      @Nullable String value = environment.get(name);
      if (value == null) {
        problems.add(path + ": " + key + ": the environment has no " + name);
        return "";
      }
      return value;
    }
    try {
      return Files.readString(path.toAbsolutePath().resolveSibling(name)).strip();
    } catch (IOException unreadable) {
      problems.add(path + ": " + key + ": the file " + name + " cannot be read");
      return "";
    }
  }
}
