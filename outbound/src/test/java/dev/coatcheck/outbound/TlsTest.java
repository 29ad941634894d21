package dev.coatcheck.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.outbound.Outcome.Answered;
import dev.coatcheck.outbound.Outcome.Failed;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Row S37 of the requirements: TLS is made with the host that the URL names. */
@Timeout(60)
class TlsTest {

  private static final Names NAMES =
      new Names().answer("api.example.com", "127.0.0.1").answer("receiver", "127.0.0.1");

  private static void assertTlsFails(Outcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.kind()).isEqualTo(FailureKind.TLS));
  }

  @Test
  void the_host_is_named_in_the_handshake_and_its_certificate_is_for_that_name() throws Exception {
    try (TlsHost host = TlsHost.named("api.example.com", RawHost.ok("secure"));
        Caller caller = new Caller(host.trusted("127.0.0.1", NAMES))) {
      Outcome outcome = caller.get("https://api.example.com:" + host.port() + "/x");
      assertThat(outcome).isInstanceOf(Answered.class);
      assertThat(caller.text()).isEqualTo("secure");
      assertThat(host.serverNames()).containsExactly("type=host_name (0), value=api.example.com");
      assertThat(host.heads().getFirst()).startsWith("GET /x HTTP/1.1\r\n");
    }
  }

  @Test
  void a_listed_name_of_a_single_label_is_named_too() throws Exception {
    try (TlsHost host = TlsHost.named("receiver", RawHost.ok("secure"));
        Caller caller = new Caller(host.trusted("receiver", NAMES))) {
      assertThat(caller.get("https://receiver:" + host.port() + "/")).isInstanceOf(Answered.class);
      assertThat(host.serverNames()).containsExactly("type=host_name (0), value=receiver");
    }
  }

  @Test
  void a_certificate_for_another_name_is_refused() throws Exception {
    try (TlsHost host = TlsHost.named("evil.example.com", RawHost.ok("no"));
        Caller caller = new Caller(host.trusted("127.0.0.1", NAMES))) {
      assertTlsFails(caller.get("https://api.example.com:" + host.port() + "/"));
      assertThat(host.heads()).isEmpty();
    }
  }

  @Test
  void a_certificate_that_nobody_vouches_for_is_refused() throws Exception {
    try (TlsHost host = TlsHost.named("api.example.com", RawHost.ok("no"));
        Caller caller = new Caller(host.untrusted("127.0.0.1", NAMES))) {
      assertTlsFails(caller.get("https://api.example.com:" + host.port() + "/"));
    }
  }

  @Test
  void an_expired_certificate_is_refused() throws Exception {
    try (TlsHost host =
            TlsHost.named(
                "api.example.com", RawHost.ok("no"), "-startdate", "-10d", "-validity", "1");
        Caller caller = new Caller(host.trusted("127.0.0.1", NAMES))) {
      assertTlsFails(caller.get("https://api.example.com:" + host.port() + "/"));
    }
  }

  @Test
  void tls_1_0_is_refused() throws Exception {
    // RFC 2246: a ServerHello of version 3.1 with TLS_RSA_WITH_AES_128_CBC_SHA.
    byte[] hello =
        HexFormat.of().parseHex("160301002a02000026" + "0301" + "5a".repeat(32) + "00002f00");
    try (RawHost host =
            RawHost.after(
                16,
                out -> {
                  out.write(hello);
                  Thread.sleep(2_000);
                });
        Caller caller = Caller.allowing("127.0.0.1", NAMES)) {
      assertTlsFails(caller.get("https://api.example.com:" + host.port() + "/"));
    }
  }

  @Test
  void a_host_that_speaks_no_tls_is_no_secure_host() throws Exception {
    try (RawHost host = RawHost.after(16, out -> out.write(RawHost.ok("plain").getBytes(UTF_8)));
        Caller caller = Caller.allowing("127.0.0.1", NAMES)) {
      assertTlsFails(caller.get("https://api.example.com:" + host.port() + "/"));
      assertThat(caller.text()).isEmpty();
    }
  }
}
