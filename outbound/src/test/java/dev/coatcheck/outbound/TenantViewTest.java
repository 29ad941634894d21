package dev.coatcheck.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.coatcheck.outbound.Outcome.Failed;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Rows S42 and S61 of the requirements: what a tenant learns, and what the operator. */
@Timeout(30)
class TenantViewTest {

  private final Logger logger = (Logger) LoggerFactory.getLogger(Outbound.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(log);
  }

  private static int closedPort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  @Test
  void blocked_unknown_refused_and_filtered_look_alike() throws Exception {
    Resolver hanging =
        host -> {
          Thread.sleep(60_000);
          return java.util.List.of();
        };
    Names names = new Names().answer("private.example", "10.0.0.1");
    Limits limits = Limits.of(Duration.ofMillis(300), 1);
    try (Caller caller = Caller.allowing("127.0.0.1", names);
        Caller waiting = Caller.allowing("", hanging)) {
      Failed blocked = (Failed) caller.get("https://private.example/");
      Failed unknown = (Failed) caller.get("https://unknown.example/");
      Failed refused = (Failed) caller.get("http://127.0.0.1:" + closedPort() + "/");
      Failed late = (Failed) waiting.get("https://late.example/", limits);
      assertThat(blocked.kind()).isEqualTo(FailureKind.BLOCKED);
      assertThat(unknown.kind()).isEqualTo(FailureKind.DNS);
      assertThat(refused.kind()).isEqualTo(FailureKind.CONNECT);
      assertThat(late.kind()).isEqualTo(FailureKind.DNS);
      assertThat(blocked.publicMessage())
          .isEqualTo(unknown.publicMessage())
          .isEqualTo(refused.publicMessage())
          .isEqualTo(late.publicMessage())
          .isEqualTo("The host cannot be reached.");
    }
  }

  @Test
  void no_public_message_holds_an_address() {
    for (FailureKind kind : FailureKind.values()) {
      assertThat(new Failed(kind, "10.0.0.1:5432 refused").publicMessage())
          .doesNotContain("10.0.0.1")
          .doesNotContain("5432");
    }
  }

  @Test
  void a_block_is_told_to_the_operator_without_path_and_query() throws Exception {
    Names names = new Names().answer("private.example", "169.254.169.254");
    try (Caller caller = Caller.allowing("", names)) {
      caller.get("https://private.example/services/SECRET?token=SECRET");
    }
    assertThat(log.list).hasSize(1);
    ILoggingEvent event = log.list.getFirst();
    assertThat(event.getLevel()).isEqualTo(Level.WARN);
    assertThat(event.getFormattedMessage())
        .isEqualTo(
            "outbound request blocked: test: GET https://private.example:"
                + " 169.254.169.254 is link-local")
        .doesNotContain("SECRET");
  }

  @Test
  void a_refused_url_is_told_without_its_text() {
    try (Caller caller = Caller.allowing("", new Names())) {
      caller.outbound.check("https://user:SECRET@example.com/");
    }
    assertThat(log.list).hasSize(1);
    assertThat(log.list.getFirst().getFormattedMessage())
        .contains("refused")
        .doesNotContain("SECRET");
  }

  @Test
  void what_a_host_says_cannot_forge_a_line_of_the_log() throws Exception {
    try (RawHost host = RawHost.saying("HTTP/1.1 abc\u001b[2J\r\n\r\n");
        Caller caller = Caller.local()) {
      caller.get("http://127.0.0.1:" + host.port() + "/");
    }
    assertThat(log.list.getLast().getFormattedMessage())
        .contains("BROKEN")
        .doesNotContain("\u001b", "\r", "\n");
  }

  @Test
  void secrets_in_headers_have_no_text() {
    assertThat(new Header("Authorization", "Bearer SECRET")).hasToString("Authorization: …");
  }
}
