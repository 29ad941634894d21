package dev.coatcheck.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {

  private static final String KEY = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;

  private Optional<Path> file(String yaml) throws IOException {
    return Optional.of(Files.writeString(folder.resolve("coatcheck.yaml"), yaml));
  }

  private static ConfigException refused(
      Optional<Path> file, Map<String, String> env, Map<String, String> flags) {
    return catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file, env, flags));
  }

  private static ServerConfig.Shown shown(ServerConfig config, String key) {
    return config.describe().stream()
        .filter(each -> each.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void defaults_serve_this_machine_only() {
    ServerConfig config = ConfigLoader.load(Optional.empty(), Map.of(), Map.of());
    assertThat(config.port()).isEqualTo(8080);
    assertThat(config.host()).isEqualTo("127.0.0.1");
    assertThat(config.loopback()).isTrue();
    assertThat(config.grace()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.leaseDuration()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.adminKey()).isEmpty();
    assertThat(config.bodyMax()).isEqualTo(1 << 20);
    assertThat(config.indexedMetadata()).containsExactly("user");
    assertThat(shown(config, "server.port"))
        .isEqualTo(new ServerConfig.Shown("server.port", "8080", "default"));
  }

  @Test
  void flags_beat_the_environment_which_beats_the_file() throws IOException {
    Optional<Path> file = file("server:\n  port: 1\n  grace: 1s\nlease.duration: 2s\n");
    Map<String, String> env =
        Map.of("COATCHECK_SERVER_PORT", "2", "COATCHECK_SERVER_GRACE", "2s", "PATH", "x");
    ServerConfig config = ConfigLoader.load(file, env, Map.of("server.port", "3"));
    assertThat(config.port()).isEqualTo(3);
    assertThat(config.grace()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.leaseDuration()).isEqualTo(Duration.ofSeconds(2));
    assertThat(shown(config, "server.port").origin()).isEqualTo("flag");
    assertThat(shown(config, "server.grace").origin())
        .isEqualTo("environment COATCHECK_SERVER_GRACE");
    assertThat(shown(config, "lease.duration").origin()).startsWith("file ");
  }

  @Test
  void all_that_is_wrong_is_told_at_once_with_what_was_probably_meant() throws IOException {
    Optional<Path> file = file("server:\n  prot: 1\nstore: {url: sqlite}\n");
    Map<String, String> env = Map.of("COATCHECK_SERVER_HOTS", "x", "COATCHECK_LEASE_DURATION", "5");
    ConfigException refused = refused(file, env, Map.of("server.port", "70000", "data.dri", "x"));
    assertThat(refused.problems()).hasSize(5);
    assertThat(refused)
        .hasMessageContaining("server.prot, did you mean server.port?")
        .hasMessageContaining("COATCHECK_SERVER_HOTS, did you mean COATCHECK_SERVER_HOST?")
        .hasMessageContaining("data.dri, did you mean data.dir?")
        .hasMessageContaining("server.port (flag): must be a port")
        .hasMessageContaining("lease.duration (environment COATCHECK_LEASE_DURATION)");
  }

  @Test
  void values_out_of_range_are_refused() {
    String[][] wrong = {
      {"server.port", "-1"},
      {"server.port", "x"},
      {"server.grace", "30"},
      {"lease.duration", "900ms"},
      {"lease.duration", "11m"},
      {"server.behind_tls_proxy", "yes"},
      {"limits.body", "1MB"},
      {"server.public_url", "jobs.example"},
      {"server.public_url", "ftp://x/"},
      {"server.host", ""},
      {"retention.default", "7"},
      {"outbound.allow", "*"},
      {"outbound.allow", "10.0.0.0/33"},
      {"outbound.allow_link_local", "maybe"},
      {"workers.http.allow", "https://api.example.com"}
    };
    for (String[] each : wrong) {
      assertThat(refused(Optional.empty(), Map.of(), Map.of(each[0], each[1])))
          .as("%s=%s", each[0], each[1])
          .hasMessageContaining(each[0]);
    }
  }

  @Test
  void lists_of_hosts_are_empty_unless_given_and_may_be_lists_in_the_file() throws IOException {
    ServerConfig none = ConfigLoader.load(Optional.empty(), Map.of(), Map.of());
    assertThat(none.outboundAllow().isEmpty()).isTrue();
    assertThat(none.outboundAllow().linkLocalToo()).isFalse();
    assertThat(none.httpAllow().isEmpty()).isTrue();
    Optional<Path> file = file("outbound: {allow: [10.0.0.0/8, crm.corp.example:8443]}\n");
    Map<String, String> env =
        Map.of("COATCHECK_WORKERS_HTTP_ALLOW", "api.example.com, *.example.org");
    ServerConfig config = ConfigLoader.load(file, env, Map.of("outbound.allow_link_local", "true"));
    assertThat(config.outboundAllow()).hasToString("10.0.0.0/8, crm.corp.example:8443");
    assertThat(config.outboundAllow().linkLocalToo()).isTrue();
    assertThat(config.httpAllow()).hasToString("api.example.com, *.example.org");
  }

  @Test
  void references_are_resolved_in_the_file_and_nowhere_else() throws IOException {
    Files.writeString(folder.resolve("key.txt"), KEY + "\n");
    Optional<Path> file =
        file("admin_key: \"${file:key.txt}\"\ndata: {dir: \"${env:HOME_DIR}/x\"}\n");
    ServerConfig config =
        ConfigLoader.load(file, Map.of("HOME_DIR", "/h"), Map.of("server.host", "0.0.0.0"));
    assertThat(config.dataDir()).isEqualTo(Path.of("/h/x"));
    assertThat(config.adminKey().orElseThrow().matches(KEY)).isTrue();
    assertThat(config.adminKey().orElseThrow().matches(KEY + "x")).isFalse();
    assertThat(shown(config, "admin_key").value()).isEqualTo("********");
    assertThat(config.adminKey().toString()).doesNotContain(KEY);
    ServerConfig flag =
        ConfigLoader.load(Optional.empty(), Map.of(), Map.of("data.dir", "${env:X}"));
    assertThat(flag.dataDir()).isEqualTo(Path.of("${env:X}"));
    assertThat(refused(file("data: {dir: \"${env:NONE}\"}"), Map.of(), Map.of()))
        .hasMessageContaining("NONE");
  }

  @Test
  void secrets_on_the_command_line_are_refused() {
    assertThat(refused(Optional.empty(), Map.of(), Map.of("admin_key", KEY)))
        .hasMessageContaining("COATCHECK_ADMIN_KEY")
        .hasMessageNotContaining(KEY);
  }

  @Test
  void passwords_in_urls_are_not_shown() {
    ServerConfig config =
        ConfigLoader.load(
            Optional.empty(), Map.of(), Map.of("store.url", "postgresql://u:secret@db/x"));
    assertThat(shown(config, "store.url").value()).isEqualTo("postgresql://u:********@db/x");
  }

  @Test
  void a_file_that_is_missing_malformed_or_ambiguous_is_refused() throws IOException {
    assertThat(refused(Optional.of(folder.resolve("none")), Map.of(), Map.of()))
        .hasMessageContaining("cannot be read");
    assertThat(refused(file("a: [1"), Map.of(), Map.of())).isNotNull();
    assertThat(refused(file("- x"), Map.of(), Map.of())).hasMessageContaining("map of keys");
    assertThat(refused(file("server: {port: 1}\nserver: {port: 2}\n"), Map.of(), Map.of()))
        .isNotNull();
    assertThat(refused(file("server: {port: 1}\nserver.port: 2\n"), Map.of(), Map.of()))
        .hasMessageContaining("twice");
    assertThat(ConfigLoader.load(file(""), Map.of(), Map.of()).port()).isEqualTo(8080);
  }
}
