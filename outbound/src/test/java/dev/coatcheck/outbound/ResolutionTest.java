package dev.coatcheck.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.outbound.Outcome.Answered;
import dev.coatcheck.outbound.Outcome.Failed;
import dev.coatcheck.outbound.rules.AllowList;
import dev.coatcheck.outbound.rules.Interfaces;
import dev.coatcheck.outbound.rules.OwnSockets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Row S37 of the requirements: at every attempt all addresses are checked, and only they called.
 */
@Timeout(30)
class ResolutionTest {

  private static final String HOST = "http://receiver.example:";

  private static FailureKind failed(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Failed.class);
    return ((Failed) outcome).kind();
  }

  @Test
  void the_connection_goes_to_the_address_that_was_checked() throws Exception {
    Names names = new Names().answer("receiver.example", "127.0.0.1");
    try (RawHost host = RawHost.saying(RawHost.ok("hello"));
        Caller caller = Caller.allowing("receiver.example", names)) {
      Outcome outcome = caller.get(HOST + host.port() + "/a?b=c");
      assertThat(outcome).isInstanceOf(Answered.class);
      assertThat(((Answered) outcome).status()).isEqualTo(200);
      assertThat(caller.text()).isEqualTo("hello");
      assertThat(names.asked()).isEqualTo(1);
      assertThat(host.heads().getFirst())
          .startsWith("GET /a?b=c HTTP/1.1\r\n")
          .contains("Host: receiver.example:" + host.port() + "\r\n");
    }
  }

  @Test
  void a_name_that_turns_private_between_two_attempts_is_blocked_at_the_second() throws Exception {
    Names names =
        new Names()
            .answer("rebind.example", "127.0.0.1")
            .answer("rebind.example", "10.0.0.1")
            .answer("rebind.example", "127.0.0.1", "10.0.0.1");
    try (TlsHost host = TlsHost.named("rebind.example", RawHost.ok("1"));
        Caller caller = new Caller(host.trusted("127.0.0.1", names))) {
      String url = "https://rebind.example:" + host.port() + "/";
      assertThat(caller.get(url)).isInstanceOf(Answered.class);
      assertThat(failed(caller.get(url))).isEqualTo(FailureKind.BLOCKED);
      assertThat(failed(caller.get(url))).isEqualTo(FailureKind.BLOCKED);
      assertThat(host.heads()).as("nothing was sent to it again").hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "127.0.0.1",
        "10.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "fd00::1",
        "fe80::1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "::127.0.0.1",
        "168.63.129.16",
        "0.0.0.0"
      })
  void a_public_name_at_a_private_address_is_blocked(String address) throws Exception {
    Names names = new Names().answer("public.example", "8.8.8.8", address);
    try (Caller caller = Caller.allowing("", names)) {
      Failed failed = (Failed) caller.get("https://public.example/");
      assertThat(failed.kind()).isEqualTo(FailureKind.BLOCKED);
    }
  }

  @Test
  void a_listed_name_at_the_metadata_address_is_blocked() throws Exception {
    Names names = new Names().answer("receiver.example", "169.254.169.254");
    try (Caller caller = Caller.allowing("receiver.example, 169.254.0.0/16", names)) {
      assertThat(failed(caller.get(HOST + "80/"))).isEqualTo(FailureKind.BLOCKED);
    }
  }

  @Test
  void the_servers_own_socket_is_blocked_by_whatever_name_and_however_listed() throws Exception {
    Names names =
        new Names()
            .answer("alias.example", "127.0.0.1")
            .answer("any.example", "0.0.0.0")
            .answer("six.example", "::1");
    try (RawHost self = RawHost.saying(RawHost.ok("admin"));
        RawHost other = RawHost.saying(RawHost.ok("other"))) {
      OwnSockets own = new OwnSockets(Interfaces.ofThisMachine());
      own.listen(self.port());
      OutboundSettings settings =
          OutboundSettings.defaults()
              .withAllow(AllowList.parse("*.example, 0.0.0.0/0, ::/0", true))
              .withForbidden(own)
              .withResolver(names);
      try (Caller caller = new Caller(settings)) {
        for (String alias : List.of("alias.example", "any.example", "six.example")) {
          assertThat(failed(caller.get("http://" + alias + ":" + self.port() + "/")))
              .as(alias)
              .isEqualTo(FailureKind.BLOCKED);
        }
        assertThat(self.heads()).isEmpty();
        assertThat(caller.get("http://alias.example:" + other.port() + "/"))
            .isInstanceOf(Answered.class);
      }
    }
  }

  @Test
  void a_name_without_an_address_fails_closed() throws Exception {
    try (Caller caller = Caller.allowing("", new Names().answer("empty.example"))) {
      assertThat(failed(caller.get("https://empty.example/"))).isEqualTo(FailureKind.DNS);
      assertThat(failed(caller.get("https://unknown.example/"))).isEqualTo(FailureKind.DNS);
    }
  }

  @Test
  void the_next_address_is_tried_when_one_refuses() throws Exception {
    Names names = new Names().answer("receiver.example", "127.0.0.3", "127.0.0.1");
    try (RawHost host = RawHost.saying(RawHost.ok("second"));
        Caller caller = Caller.allowing("receiver.example", names)) {
      assertThat(caller.get(HOST + host.port() + "/")).isInstanceOf(Answered.class);
      assertThat(caller.text()).isEqualTo("second");
    }
  }

  @Test
  void the_resolver_of_the_system_is_asked_on_threads_of_its_own() throws Exception {
    try (RawHost host = RawHost.saying(RawHost.ok("hi"));
        Caller caller =
            new Caller(
                OutboundSettings.defaults().withAllow(AllowList.parse("localhost", false)))) {
      assertThat(caller.get("http://localhost:" + host.port() + "/")).isInstanceOf(Answered.class);
      assertThat(Thread.getAllStackTraces().keySet())
          .anyMatch(thread -> thread.getName().startsWith("resolve-"));
    }
  }
}
