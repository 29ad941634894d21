package dev.coatcheck.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.cli.exit.CliException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:8080",
        "ftp://a",
        "http://",
        "http:///x",
        "http://u:p@host",
        "http://a b",
        "http://h?x=1",
        "http://h#f",
        "http://h:99999999",
        "file:///etc/passwd"
      })
  void what_is_no_address_of_a_server_is_wrong_usage(String url) {
    assertThatThrownBy(() -> Target.of(url, Optional.empty()))
        .isInstanceOfSatisfying(CliException.class, e -> assertThat(e.exitCode()).isEqualTo(2));
  }

  @Test
  void a_path_before_the_api_is_kept() {
    Target target = Target.of("https://example.org/coat/", Optional.empty());
    assertThat(target.resolve("/v1/jobs")).hasToString("https://example.org/coat/v1/jobs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../../metrics", "a/b", "..", ".", "a?b", "a#b", "a b", "%2e", "é", "a;b"})
  void an_id_stays_one_segment_of_the_path(String id) {
    Target target = Target.of("http://127.0.0.1", Optional.empty());
    String path = target.resolve("/v1/jobs/" + Target.segment(id)).normalize().getRawPath();
    assertThat(path).startsWith("/v1/jobs/").matches("/v1/jobs/[^/?#]+");
  }

  @Test
  void a_key_that_cannot_be_a_header_is_wrong_usage() {
    assertThatThrownBy(() -> Target.of("http://h", Optional.of("a\nb")))
        .isInstanceOf(CliException.class)
        .hasMessageNotContaining("a\nb");
    assertThat(Target.of("http://h", Optional.of("  ")).key()).isEmpty();
  }

  @Test
  void only_a_network_makes_an_open_key_worth_a_warning() {
    assertThat(Target.of("http://127.0.0.1:1", Optional.of("k")).keyInTheOpen()).isFalse();
    assertThat(Target.of("https://example.org", Optional.of("k")).keyInTheOpen()).isFalse();
    assertThat(Target.of("http://example.org", Optional.of("k")).keyInTheOpen()).isTrue();
  }
}
