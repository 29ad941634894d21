package dev.coatcheck.server.config;

import dev.coatcheck.server.http.Suggestion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Puts the configuration together: defaults, then the file, the environment, the flags. */
public final class ConfigLoader {

  private static final String PREFIX = "COATCHECK_";

  /** Variables of ours that are no configuration of the server. */
  private static final Set<String> OTHERS =
      Set.of(
          "COATCHECK_JAVA",
          "COATCHECK_JAVA_OPTS",
          "COATCHECK_CONFIG",
          "COATCHECK_URL",
          "COATCHECK_API_KEY");

  private final List<String> problems = new ArrayList<>();
  private final Map<ConfigKey, ConfigValue> values = new EnumMap<>(ConfigKey.class);

  private ConfigLoader() {
    for (ConfigKey key : ConfigKey.values()) {
      values.put(key, new ConfigValue(key.fallback(), "default"));
    }
  }

  /**
   * Loads and checks the whole configuration.
   *
   * @param env the environment; only names that start with COATCHECK_ count
   * @param flags values of the command line, by key
   * @throws ConfigException with everything that is wrong
   */
  public static ServerConfig load(
      Optional<Path> file, Map<String, String> env, Map<String, String> flags) {
    ConfigLoader loader = new ConfigLoader();
    file.ifPresent(path -> loader.addFile(path, env));
    loader.addEnvironment(env);
    loader.addFlags(flags);
    ServerConfig config = new ServerConfig(loader.values);
    new ConfigCheck(config, loader.problems).check();
    if (!loader.problems.isEmpty()) {
      throw new ConfigException(loader.problems);
    }
    return config;
  }

  private void addFile(Path path, Map<String, String> env) {
    ConfigFile.read(path, env, problems)
        .forEach((name, value) ->
            ConfigKey.of(name)
                .ifPresentOrElse(
                    key -> values.put(key, new ConfigValue(value, "file " + path)),
                    () -> problems.add(path + ": " + unknown(name, ConfigKey.keys()))));
  }

  private void addEnvironment(Map<String, String> env) {
    new TreeMap<>(env)
        .forEach((name, value) -> {
          if (name.startsWith(PREFIX) && !OTHERS.contains(name)) {
            ConfigKey.ofVariable(name)
                .ifPresentOrElse(
                    key -> values.put(key, new ConfigValue(value, "environment " + name)),
                    () -> problems.add("environment: " + unknown(name, ConfigKey.variables())));
          }
        });
  }

  private void addFlags(Map<String, String> flags) {
    flags.forEach((name, value) -> {
      Optional<ConfigKey> key = ConfigKey.of(name);
      if (key.isEmpty()) {
        problems.add("flags: " + unknown(name, ConfigKey.keys()));
      } else if (key.get().secret()) {
        problems.add(
            "flags: "
                + name
                + " is a secret, which others can read on a command line; use "
                + key.get().variable());
      } else {
        values.put(key.get(), new ConfigValue(value, "flag"));
      }
    });
  }

  private static String unknown(String name, Collection<String> known) {
    return "unknown key "
        + name
        + Suggestion.of(name, known).map(nearest -> ", did you mean " + nearest + "?").orElse("");
  }
}
