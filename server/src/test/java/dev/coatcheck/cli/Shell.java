package dev.coatcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.cli.host.Host;
import dev.coatcheck.cli.screen.Ink;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.server.Coatcheck;
import dev.coatcheck.server.config.ConfigLoader;
import dev.coatcheck.server.config.ServerConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs commands within the test and keeps what they say. */
record Shell(Map<String, String> env, InputStream in, boolean live) {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern ID = Pattern.compile("job_[0-9a-z]{26}");

  /** How a command ended and what it said. */
  record Said(int exit, String out, String err) {

    String id() {
      Matcher matcher = ID.matcher(out);
      assertThat(matcher.find()).as("an id in %s", this).isTrue();
      return matcher.group();
    }

    JsonNode json() {
      return JSON.readTree(out);
    }
  }

  /** A pipe, not a terminal, with nothing on its standard input. */
  static Shell with(Map<String, String> env) {
    return new Shell(env, InputStream.nullInputStream(), false);
  }

  static Shell at(String url) {
    return with(Map.of("COATCHECK_URL", url));
  }

  Shell reading(InputStream input) {
    return new Shell(env, input, live);
  }

  Shell reading(String input) {
    return reading(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
  }

  Shell and(String name, String value) {
    Map<String, String> more = new HashMap<>(env);
    more.put(name, value);
    return new Shell(more, in, live);
  }

  Shell onTerminal() {
    return new Shell(env, in, true);
  }

  Said run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Screen screen =
        new Screen(
            in,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            live,
            live ? Ink.COLOUR : Ink.PLAIN,
            100);
    int exit = new Cli(screen, env, Shell::host).run(args);
    return new Said(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** A server on a free port. */
  static Coatcheck server(Path data) throws Exception {
    Map<String, String> flags =
        Map.of("server.port", "0", "server.grace", "1s", "data.dir", data.toString());
    return Coatcheck.start(ConfigLoader.load(Optional.empty(), Map.of(), flags));
  }

  private static Host.Running host(ServerConfig config) throws Exception {
    Coatcheck started = Coatcheck.start(config);
    return new Host.Running() {
      @Override
      public String url() {
        return started.url();
      }

      @Override
      public String durability() {
        return started.durability();
      }

      @Override
      public void stop() {
        started.stop();
      }

      @Override
      public void onBroken(Consumer<String> listener) {
        started.onBroken(listener);
      }
    };
  }
}
