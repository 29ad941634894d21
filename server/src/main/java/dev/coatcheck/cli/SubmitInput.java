package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Json;
import dev.coatcheck.cli.exit.CliException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** What the worker is given. */
final class SubmitInput {

  private static final String MEMBER = "file";

  @ArgGroup private Base base = new Base();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "[MEMBER=]PATH",
      description = {
        "Upload a file; its id becomes a member of the input, by default \"file\". May be given several times."
      })
  private @Nullable List<String> files;

  /** At most one of these. */
  static final class Base {

    @Option(
        names = {"-i", "--input"},
        paramLabel = "JSON",
        description = "The input: JSON, @file, or - for standard input. Default: {}.")
    private @Nullable String json;

    @Option(
        names = {"-t", "--text"},
        paramLabel = "TEXT",
        description = "Short for the input {\"text\": …}: plain text, @file, or -.")
    private @Nullable String text;
  }

  /** The input as JSON, without files. */
  String json(InputStream in) {
    InputSource source = new InputSource(in);
    if (base.text != null) {
      return Json.MAPPER.createObjectNode().put("text", source.text(base.text)).toString();
    }
    return base.json == null ? "{}" : source.json("--input", base.json);
  }

  /** The members of the input as JSON; the input must be an object to take files in. */
  Map<String, String> members(InputStream in) {
    JsonNode input = Json.MAPPER.readTree(json(in));
    if (!input.isObject()) {
      throw CliException.usage("--input: must be a JSON object where --file is given.");
    }
    Map<String, String> members = new LinkedHashMap<>();
    input.properties().forEach(each -> members.put(each.getKey(), each.getValue().toString()));
    return members;
  }

  /** The files by the member that they become. */
  Map<String, Path> files() {
    Map<String, Path> paths = new LinkedHashMap<>();
    for (String given : files == null ? List.<String>of() : files) {
      boolean named = given.matches("[A-Za-z_][A-Za-z0-9_.-]*=.+");
      String member = named ? given.substring(0, given.indexOf('=')) : MEMBER;
      Path path = path(named ? given.substring(given.indexOf('=') + 1) : given);
      if (paths.putIfAbsent(member, path) != null) {
        throw CliException.usage("--file: two files for the member " + member + ".");
      }
    }
    return paths;
  }

  private static Path path(String given) {
    try {
      Path path = Path.of(given);
      if (Files.isRegularFile(path) && Files.isReadable(path)) {
        return path;
      }
    } catch (InvalidPathException notAPath) {
      // Told below.
    }
    throw CliException.usage("--file: no file that can be read: " + given);
  }
}
