package dev.coatcheck.cli;

import dev.coatcheck.cli.exit.CliException;
import dev.coatcheck.server.config.ConfigException;
import dev.coatcheck.server.config.ConfigLoader;
import dev.coatcheck.server.config.ServerConfig;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that decide which store a server would have; they win over environment and file. */
class StoreOptions {

  private static final String DEFAULT_FILE = "coatcheck.yaml";

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "Folder of the server's files. Default: ./data.")
  private @Nullable String data;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      description = "Where jobs are kept: sqlite (the default), or the URL of a database.")
  private @Nullable String store;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Configuration file. Default: COATCHECK_CONFIG, else "
              + DEFAULT_FILE
              + " in this folder if there is one.")
  private @Nullable String config;

  /** Whether the command line names a store. */
  boolean given() {
    return data != null || store != null || config != null;
  }

  /** The whole configuration, or the end of the command with a line for each problem. */
  ServerConfig load(Map<String, String> env) {
    try {
      return ConfigLoader.load(file(env), withoutOurs(env), flags());
    } catch (ConfigException e) {
      throw CliException.configuration(e.problems());
    }
  }

  private Optional<Path> file(Map<String, String> env) {
    String named = config != null ? config : env.getOrDefault("COATCHECK_CONFIG", "");
    try {
      if (!named.isBlank()) {
        return Optional.of(Path.of(named));
      }
    } catch (InvalidPathException e) {
      throw CliException.configuration(List.of("Not a file name: " + named));
    }
    return Optional.of(Path.of(DEFAULT_FILE)).filter(Files::exists);
  }

  /** Keys of the configuration that the command line gives, with their values. */
  Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>();
    put(flags, "data.dir", data);
    put(flags, "store.url", "sqlite".equals(store) ? "" : store);
    return flags;
  }

  static void put(Map<String, String> flags, String key, @Nullable String value) {
    if (value != null) {
      flags.put(key, value);
    }
  }

  private static Map<String, String> withoutOurs(Map<String, String> env) {
    Map<String, String> rest = new HashMap<>(env);
    rest.remove("COATCHECK_DEBUG");
    return rest;
  }
}
