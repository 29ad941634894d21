package dev.coatcheck.outbound.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows S35, S36, S39 and S43 of the requirements: what a URL must look like. */
class UrlRulesTest {

  private static final Interfaces NOWHERE = address -> false;

  private static UrlVerdict check(String allow, String hosts, String url) {
    AllowList list = AllowList.parse(allow, false);
    AddressRules addresses = new AddressRules(list, ForbiddenSockets.NONE, NOWHERE);
    Set<HostPort> own = Set.of(new HostPort("jobs.example.com", 443));
    return new UrlRules(list, addresses, own).check(url, HostList.parse("hosts.key", hosts));
  }

  private static String refused(String url) {
    UrlVerdict verdict = check("", "*", url);
    assertThat(verdict).as(url).isInstanceOf(UrlVerdict.Refused.class);
    return ((UrlVerdict.Refused) verdict).reason();
  }

  private static Target allowed(String allow, String hosts, String url) {
    UrlVerdict verdict = check(allow, hosts, url);
    assertThat(verdict).as(url).isInstanceOf(UrlVerdict.Allowed.class);
    return ((UrlVerdict.Allowed) verdict).target();
  }

  private static boolean open(String allow, String url) {
    return check(allow, "*", url) instanceof UrlVerdict.Allowed;
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.example.com/v1?q=1, https, api.example.com, 443, /v1?q=1",
    "https://API.Example.COM, https, api.example.com, 443, /",
    "https://api.example.com.:443/a//b, https, api.example.com, 443, /a//b",
    "https://xn--mnchen-3ya.example/?x, https, xn--mnchen-3ya.example, 443, /?x",
    "https://example.com?x=%2F, https, example.com, 443, /?x=%2F",
    "https://example.com//metadata, https, example.com, 443, //metadata",
    "HTTPS://example.com/caf\u00e9, https, example.com, 443, /caf%C3%A9"
  })
  void a_public_https_url_is_taken_apart(
      String url, String scheme, String host, int port, String path) {
    Target target = allowed("", "*", url);
    assertThat(target.secure()).isEqualTo(scheme.equals("https"));
    assertThat(target.host()).isEqualTo(host);
    assertThat(target.port()).isEqualTo(port);
    assertThat(target.path()).isEqualTo(path);
    assertThat(target.authority()).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "jar:https://example.com/x.jar!/",
        "ftp://example.com/",
        "data:text/plain,x",
        "javascript:alert(1)",
        "unix:/var/run/docker.sock",
        "//example.com/",
        "example.com",
        ""
      })
  void only_https_is_spoken(String url) {
    assertThat(refused(url)).contains("https://");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://user:pw@example.com/",
        "https://user@example.com/",
        "https://@example.com/",
        "https://good%2f@evil.example/",
        "https://good\\@evil.example/",
        "https://good.example#@evil.example/",
        "https://good.example/#f",
        "https://example.com/a b",
        "https://example.com/\r\nHost: evil.example",
        "https://example.com/\t",
        " https://example.com/",
        "https://exa_mple.com/",
        "https://example.com:443:22/",
        "https:///path",
        "https://",
        "https:example.com",
        "https://ex%61mple.com/",
        "https://-a.example/",
        "https://a..example/",
        "https://example.com../"
      })
  void what_parsers_read_in_different_ways_is_refused(String url) {
    assertThat(refused(url)).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 22, 25, 80, 8443, 65_535, 65_536, 99_999})
  void only_port_443_is_called(int port) {
    assertThat(refused("https://example.com:" + port + "/")).contains("port");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://m\u00fcnchen.example/",
        "https://\uff11\uff12\uff17.0.0.1/",
        "https://ex\u0430mple.com/"
      })
  void hosts_that_are_not_ascii_are_refused_and_told_how_to_be_written(String url) {
    assertThat(refused(url)).contains("xn--");
  }

  @Test
  void a_url_has_2048_characters_at_most() {
    String base = "https://example.com/";
    assertThat(open("", base + "a".repeat(2_048 - base.length()))).isTrue();
    assertThat(refused(base + "a".repeat(2_049 - base.length()))).contains("2048");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:a9fe:a9fe]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://[2002:7f00:1::]/",
        "https://[::127.0.0.1]/",
        "https://[fd00:ec2::254]/",
        "https://[fe80::1%25eth0]/",
        "https://168.63.129.16/",
        "https://100.100.100.200/",
        "https://[::]/",
        "https://0.0.0.0/"
      })
  void addresses_are_refused(String url) {
    assertThat(refused(url)).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.1", "2130706433", "2852039166", "0177.0.0.1", "0x7f.1", "0x7f000001", "0x7f.0.0.1",
        "127.0.0.01", "127.0.0.1.", "1.2.3.4.5", "256.0.0.1", "example.0x", "example.123", "0"
      })
  void numeric_hosts_are_refused_even_where_everything_is_listed(String host) {
    assertThat(refused("https://" + host + "/")).isNotBlank();
    if (!host.equals("127.0.0.1.")) {
      assertThat(open("0.0.0.0/0, ::/0", "https://" + host + "/")).as(host).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "printer.local",
        "db.internal",
        "x.internal.",
        "metadata.google.internal",
        "metadata.google.internal.",
        "nas.home.arpa",
        "abc.onion",
        "intranet",
        "intranet."
      })
  void names_that_are_not_public_are_refused(String host) {
    assertThat(refused("https://" + host + "/"))
        .isEqualTo("The host is not a name of the public Internet.");
    assertThat(refused("http://" + host + "/"))
        .isEqualTo("The host is not a name of the public Internet.");
  }

  @Test
  void a_name_that_only_ends_like_a_special_one_is_public() {
    assertThat(open("", "https://notlocalhost.example/")).isTrue();
    assertThat(open("", "https://mylocal.com/")).isTrue();
    assertThat(open("", "https://internal.example.com/")).isTrue();
  }

  @Test
  void a_listed_host_may_be_called_by_http_and_on_any_port_or_the_given_one() {
    String allow = "crm.corp.example, *.lab.internal:8443, localhost, 127.0.0.0/8, [fd12::1]:9000";
    assertThat(open(allow, "http://crm.corp.example:8080/")).isTrue();
    assertThat(open(allow, "http://a.crm.corp.example/")).isFalse();
    assertThat(open(allow, "http://a.b.lab.internal:8443/")).isTrue();
    assertThat(open(allow, "https://a.lab.internal/")).isFalse();
    assertThat(open(allow, "http://lab.internal:8443/")).isFalse();
    assertThat(open(allow, "http://localhost:1/")).isTrue();
    assertThat(open(allow, "http://127.0.0.1:8080/")).isTrue();
    assertThat(open(allow, "http://[::ffff:127.0.0.1]:8080/")).isTrue();
    assertThat(open(allow, "http://[::1]:8080/")).isFalse();
    assertThat(open(allow, "http://[fd12::1]:9000/")).isTrue();
    assertThat(open(allow, "http://[fd12::1]/")).isFalse();
    assertThat(open(allow, "http://other.example/")).isFalse();
    assertThat(allowed(allow, "*", "http://[fd12::1]:9000/").authority())
        .isEqualTo("[fd12:0:0:0:0:0:0:1]:9000");
  }

  @Test
  void what_an_address_is_is_not_told_unless_it_is_listed() {
    assertThat(refused("https://8.8.8.8/"))
        .isEqualTo(refused("https://10.0.0.1/"))
        .isEqualTo(refused("https://127.0.0.1/"))
        .isEqualTo("An address as host is not allowed; use a name.");
  }

  @Test
  void a_range_that_holds_metadata_does_not_open_it() {
    assertThat(open("169.254.0.0/16", "http://169.254.1.1/")).isFalse();
    assertThat(open("169.254.169.254", "http://169.254.169.254/")).isFalse();
  }

  @Test
  void a_caller_may_be_held_to_a_list_of_hosts_whose_ports_are_open() {
    String hosts = "api.example.com:8443, *.example.org";
    assertThat(check("", hosts, "https://api.example.com:8443/"))
        .isInstanceOf(UrlVerdict.Allowed.class);
    assertThat(check("", hosts, "https://a.example.org/")).isInstanceOf(UrlVerdict.Allowed.class);
    assertThat(check("", hosts, "https://example.org/")).isInstanceOf(UrlVerdict.Refused.class);
    assertThat(check("", hosts, "https://a.example.org:8443/"))
        .isEqualTo(new UrlVerdict.Refused("The port must be 443."));
    assertThat(check("", hosts, "https://api.example.com/"))
        .isEqualTo(
            new UrlVerdict.Refused(
                "api.example.com:443 is not allowed: the operator names hosts in hosts.key."));
    assertThat(check("", "10.0.0.1", "https://10.0.0.1/"))
        .as("the narrower list opens no addresses")
        .isInstanceOf(UrlVerdict.Refused.class);
    assertThat(check("", "", "https://api.example.com/"))
        .isEqualTo(
            new UrlVerdict.Refused("No host is allowed: the operator names hosts in hosts.key."));
  }

  @Test
  void the_server_does_not_call_itself_by_its_public_name() {
    String allow = "jobs.example.com";
    assertThat(check(allow, "*", "https://JOBS.example.com./v1/jobs"))
        .isEqualTo(new UrlVerdict.Refused("The URL leads to this server itself."));
    assertThat(open(allow, "https://jobs.example.com:8443/")).isTrue();
  }

  @Test
  void a_target_tells_nothing_secret_of_its_url() {
    assertThat(allowed("", "*", "https://example.com/hook/secret?token=secret"))
        .hasToString("https://example.com");
  }
}
