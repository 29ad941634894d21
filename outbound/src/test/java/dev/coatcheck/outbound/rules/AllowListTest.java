package dev.coatcheck.outbound.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row S43 of the requirements: what an operator may write. */
class AllowListTest {

  @Test
  void it_is_empty_unless_something_is_named() {
    assertThat(AllowList.NONE.isEmpty()).isTrue();
    assertThat(AllowList.parse(" , ", false).isEmpty()).isTrue();
    assertThat(AllowList.parse("a.example", false).isEmpty()).isFalse();
  }

  @Test
  void its_text_is_what_the_log_shows() {
    assertThat(AllowList.parse("10.0.0.0/8,  crm.corp.example:8443", false))
        .hasToString("10.0.0.0/8, crm.corp.example:8443");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "*:443",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "10.0.0.0/",
        "10.0.0.0/x",
        "fd00::/129",
        "127.1",
        "0x7f.1",
        "2130706433",
        "a b",
        "https://example.com",
        "example.com/",
        "a.*.com",
        "**.example.com",
        "*example.com",
        "example.com:",
        "example.com:0",
        "example.com:65536",
        "example.com:x",
        "-a.example",
        "a..b",
        "[10.0.0.1]",
        "[::1",
        "::g",
        "m\u00fcnchen.example"
      })
  void an_entry_of_another_form_is_refused(String entry) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AllowList.parse("a.example," + entry, false));
  }

  @Test
  void ipv6_addresses_are_written_with_or_without_brackets() {
    AllowList list = AllowList.parse("::1, [fd12::1], [fd12::2]:80, ::ffff:10.0.0.1", false);
    assertThat(list.namesAddress(InetAddress.ofLiteral("::1"), 1)).isTrue();
    assertThat(list.namesAddress(InetAddress.ofLiteral("fd12::1"), 1)).isTrue();
    assertThat(list.namesAddress(InetAddress.ofLiteral("fd12::2"), 80)).isTrue();
    assertThat(list.namesAddress(InetAddress.ofLiteral("fd12::2"), 81)).isFalse();
    assertThat(list.namesAddress(InetAddress.ofLiteral("10.0.0.1"), 1)).isTrue();
  }

  @Test
  void the_port_of_a_public_url_is_the_usual_one_unless_it_is_given() {
    assertThat(HostPort.of(URI.create("https://Jobs.example./x")))
        .isEqualTo(new HostPort("jobs.example", 443));
    assertThat(HostPort.of(URI.create("http://jobs.example")))
        .isEqualTo(new HostPort("jobs.example", 80));
    assertThat(HostPort.of(URI.create("http://jobs.example:81")))
        .isEqualTo(new HostPort("jobs.example", 81));
  }
}
