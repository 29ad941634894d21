package dev.coatcheck.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.coatcheck.outbound.Outcome.Answered;
import dev.coatcheck.outbound.Outcome.Failed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows S40 and S41 of the requirements: what a hostile host can make of an exchange. */
@Timeout(60)
class BoundsTest {

  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final Limits SHORT = Limits.of(Duration.ofMillis(400), 64 << 10);

  private static Outcome get(RawHost host, Limits limits) throws Exception {
    try (Caller caller = Caller.local()) {
      return caller.get("http://127.0.0.1:" + host.port() + "/", limits);
    }
  }

  private static Outcome get(RawHost host) throws Exception {
    return get(host, Caller.LIMITS);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static FailureKind kind(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Failed.class);
    return ((Failed) outcome).kind();
  }

  private static void drip(OutputStream out, String what) throws IOException, InterruptedException {
    while (true) {
      out.write(bytes(what));
      out.flush();
      Thread.sleep(50);
    }
  }

  @Test
  void a_redirect_is_an_answer_and_is_not_followed() throws Exception {
    try (RawHost target = RawHost.saying(RawHost.ok("secret"));
        RawHost host =
            RawHost.saying(
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:"
                    + target.port()
                    + "/\r\n\r\n")) {
      Answered answered = (Answered) get(host);
      assertThat(answered.status()).isEqualTo(302);
      assertThat(answered.header("Location")).isPresent();
      assertThat(target.heads()).isEmpty();
    }
  }

  @Test
  void no_proxy_of_the_environment_is_asked() throws Exception {
    try (RawHost proxy = RawHost.after(1, out -> out.write(0));
        RawHost host = RawHost.saying(RawHost.ok("direct"))) {
      List<String> keys =
          List.of("http.proxyHost", "http.proxyPort", "socksProxyHost", "socksProxyPort");
      try {
        for (String key : keys) {
          System.setProperty(key, key.endsWith("Host") ? "127.0.0.1" : "" + proxy.port());
        }
        System.setProperty("http.nonProxyHosts", "");
        System.setProperty("socksNonProxyHosts", "");
        assertThat(get(host)).isInstanceOf(Answered.class);
        assertThat(proxy.heads()).isEmpty();
      } finally {
        keys.forEach(System::clearProperty);
        System.clearProperty("http.nonProxyHosts");
        System.clearProperty("socksNonProxyHosts");
      }
    }
  }

  @Test
  void every_request_has_a_connection_of_its_own_and_no_cookie_of_another() throws Exception {
    try (RawHost host = RawHost.saying(OK + "Set-Cookie: a=b\r\nContent-Length: 2\r\n\r\nok");
        Caller caller = Caller.local()) {
      String url = "http://127.0.0.1:" + host.port() + "/";
      caller.get(url);
      caller.get(url);
      assertThat(host.heads()).hasSize(2);
      assertThat(host.heads().getLast())
          .contains("Connection: close\r\n")
          .contains("Accept-Encoding: identity\r\n")
          .doesNotContain("Cookie");
    }
  }

  @Test
  void nothing_is_sent_twice_when_the_host_hangs_up() throws Exception {
    try (RawHost host = RawHost.saying("")) {
      assertThat(kind(get(host))).isEqualTo(FailureKind.BROKEN);
      assertThat(host.heads()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "401 Unauthorized\r\nWWW-Authenticate: Basic",
        "407 No\r\nProxy-Authenticate: NTLM"
      })
  void no_credentials_are_offered(String status) throws Exception {
    try (RawHost host = RawHost.saying("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(get(host)).isInstanceOf(Answered.class);
      assertThat(host.heads()).hasSize(1);
      assertThat(host.heads().getFirst()).doesNotContain("uthorization");
    }
  }

  @Test
  void a_compressed_body_is_handed_over_as_it_came() throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(new byte[32 << 20]);
    }
    try (RawHost host =
            RawHost.with(out -> {
              out.write(bytes(OK + "Content-Encoding: gzip\r\nContent-Length: "));
              out.write(bytes(zipped.size() + "\r\n\r\n"));
              zipped.writeTo(out);
            });
        Caller caller = Caller.local()) {
      Answered answered = (Answered) caller.get("http://127.0.0.1:" + host.port() + "/");
      assertThat(answered.bytes()).isEqualTo(zipped.size());
      assertThat(caller.body.toByteArray()).isEqualTo(zipped.toByteArray());
    }
  }

  @Test
  void a_body_without_end_is_cut_at_its_limit_and_the_connection_closed() throws Exception {
    try (RawHost host =
            RawHost.with(out -> {
              out.write(bytes(OK + "Content-Length: 10737418240\r\n\r\n"));
              while (true) {
                out.write(new byte[8_192]);
              }
            });
        Caller caller = Caller.local()) {
      String url = "http://127.0.0.1:" + host.port() + "/";
      Answered answered = (Answered) caller.get(url, Caller.LIMITS.cutting());
      assertThat(answered.truncated()).isTrue();
      assertThat(answered.bytes()).isEqualTo(64 << 10);
      assertThat(caller.body.size()).isEqualTo(64 << 10);
      assertThat(host.brokenWithin(5_000)).isTrue();
      assertThat(kind(caller.get(url))).isEqualTo(FailureKind.TOO_LARGE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {65_535, 65_536, 65_537})
  void a_body_may_have_just_as_many_bytes_as_its_limit(int size) throws Exception {
    try (RawHost host =
        RawHost.with(out -> {
          out.write(bytes(OK + "Transfer-Encoding: chunked\r\n\r\n"));
          out.write(bytes(Integer.toHexString(size) + "\r\n" + "x".repeat(size) + "\r\n0\r\n\r\n"));
        })) {
      if (size > 64 << 10) {
        assertThat(kind(get(host))).isEqualTo(FailureKind.TOO_LARGE);
        assertThat(((Answered) get(host, Caller.LIMITS.cutting())).truncated()).isTrue();
      } else {
        assertThat(get(host)).isEqualTo(get(host, Caller.LIMITS.cutting()));
        assertThat(((Answered) get(host)).bytes()).isEqualTo(size);
      }
    }
  }

  @Test
  void endless_headers_end_at_sixteen_kibibytes() throws Exception {
    try (RawHost host =
        RawHost.with(out -> {
          out.write(bytes(OK));
          while (true) {
            out.write(bytes("X-More: " + "y".repeat(500) + "\r\n"));
          }
        })) {
      assertThat(kind(get(host))).isEqualTo(FailureKind.TOO_LARGE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Long: ", "HTTP/1.1 200 "})
  void one_line_without_end_ends_there_too(String start) throws Exception {
    try (RawHost host =
        RawHost.with(out -> {
          out.write(bytes(start.startsWith("X") ? OK + start : start));
          while (true) {
            out.write(bytes("y".repeat(500)));
          }
        })) {
      assertThat(kind(get(host))).isEqualTo(FailureKind.TOO_LARGE);
    }
  }

  @Test
  void interim_answers_without_end_count_as_head() throws Exception {
    try (RawHost host =
        RawHost.with(out -> {
          while (true) {
            out.write(bytes("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"));
          }
        })) {
      assertThat(kind(get(host))).isEqualTo(FailureKind.TOO_LARGE);
    }
  }

  @Test
  void a_head_of_fifteen_kibibytes_is_fine_and_its_body_whole() throws Exception {
    String header = "X-Big: " + "y".repeat(15_000) + "\r\n";
    try (RawHost host = RawHost.saying(OK + header + "Content-Length: 5\r\n\r\nhello")) {
      assertThat(((Answered) get(host)).bytes()).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\n\r\n"})
  void byte_after_byte_does_not_stretch_the_total_time(String start) throws Exception {
    try (RawHost host =
        RawHost.with(out -> {
          out.write(bytes(start));
          drip(out, start.isEmpty() ? "" : "z");
        })) {
      long before = System.nanoTime();
      assertThat(kind(get(host, SHORT))).isEqualTo(FailureKind.TIMEOUT);
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isBetween(Duration.ofMillis(400), Duration.ofSeconds(3));
    }
  }

  @Test
  void a_host_that_does_not_read_does_not_hold_the_request_longer() throws Exception {
    try (RawHost host = RawHost.with(out -> Thread.sleep(5_000));
        Caller caller = Caller.local()) {
      OutboundRequest request =
          new OutboundRequest(
              "test",
              "POST",
              caller.target("http://127.0.0.1:" + host.port() + "/"),
              List.of(),
              new byte[64 << 20]);
      assertThat(kind(caller.outbound.send(request, SHORT, caller.body)))
          .isEqualTo(FailureKind.TIMEOUT);
    }
  }

  @Test
  void a_handshake_without_end_is_a_timeout() throws Exception {
    Names names = new Names().answer("slow.example", "127.0.0.1");
    try (RawHost host = RawHost.after(16, out -> Thread.sleep(5_000));
        Caller caller = Caller.allowing("127.0.0.1", names)) {
      assertThat(kind(caller.get("https://slow.example:" + host.port() + "/", SHORT)))
          .isEqualTo(FailureKind.TIMEOUT);
    }
  }

  @Test
  void a_resolver_that_hangs_is_left_behind() throws Exception {
    Resolver hanging =
        host -> {
          Thread.sleep(60_000);
          return List.of();
        };
    try (Caller caller = Caller.allowing("", hanging)) {
      assertThat(kind(caller.get("https://hang.example/", SHORT))).isEqualTo(FailureKind.DNS);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void who_is_interrupted_closes_the_connection_within_a_second(boolean virtual) throws Exception {
    try (RawHost host =
            RawHost.with(out -> {
              out.write(bytes(OK + "\r\n"));
              drip(out, "x");
            });
        Caller caller = Caller.local()) {
      String url = "http://127.0.0.1:" + host.port() + "/";
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      Runnable call =
          () -> {
            try {
              outcome.complete(caller.get(url));
            } catch (Throwable thrown) {
              outcome.completeExceptionally(thrown);
            }
          };
      Thread thread =
          virtual ? Thread.startVirtualThread(call) : Thread.ofPlatform().daemon().start(call);
      assertThat(host.called()).isTrue();
      thread.interrupt();
      assertThat(host.brokenWithin(1_000)).isTrue();
      assertThat(outcome)
          .failsWithin(1, TimeUnit.SECONDS)
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(InterruptedException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.6\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "HTTP/1.1 99 No\r\n\r\n"
      })
  void what_is_not_http_or_not_whole_is_broken(String answer) throws Exception {
    try (RawHost host = RawHost.saying(answer)) {
      assertThat(kind(get(host))).isEqualTo(FailureKind.BROKEN);
    }
  }

  @Test
  void a_document_can_be_fetched_into_a_file(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("document");
    String head = OK + "Content-Type: text/markdown\r\n";
    try (RawHost host = RawHost.saying(head + "\r\n" + "word ".repeat(100_000));
        Caller caller = Caller.local();
        OutputStream out = Files.newOutputStream(file)) {
      OutboundRequest request =
          OutboundRequest.get("test", caller.target("http://127.0.0.1:" + host.port() + "/"));
      Answered answered =
          (Answered) caller.outbound.send(request, Limits.of(Duration.ofSeconds(10), 1 << 20), out);
      assertThat(answered.contentType()).hasValue("text/markdown");
      assertThat(answered.bytes()).isEqualTo(500_000);
    }
    assertThat(file).hasSize(500_000);
  }

  @Test
  void a_sink_that_fails_is_no_failure_of_the_host() throws Exception {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("disk full");
          }
        };
    try (RawHost host = RawHost.saying(RawHost.ok("x"));
        Caller caller = Caller.local()) {
      OutboundRequest request =
          OutboundRequest.get("test", caller.target("http://127.0.0.1:" + host.port() + "/"));
      assertThatIOException()
          .isThrownBy(() -> caller.outbound.send(request, Caller.LIMITS, full))
          .withMessage("disk full");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.example", "content-length: 1", "Transfer-Encoding: chunked", "Connection: x",
        "Accept-Encoding: gzip", "Expect: 100-continue", "X-A: b\r\nX-Evil: c", "X-A: b\nc",
        "X A: b", ": b", "X-A: \u0000", "X-A: \u00e9"
      })
  void a_header_that_frames_the_request_or_breaks_it_cannot_be_set(String line) {
    int colon = line.indexOf(':');
    Header header = new Header(line.substring(0, colon), line.substring(colon + 1).stripLeading());
    assertThat(header.wrong()).isPresent();
    try (Caller caller = Caller.local()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() ->
              new OutboundRequest(
                  "test",
                  "GET",
                  caller.target("http://127.0.0.1:1/"),
                  List.of(header),
                  new byte[0]));
    }
  }

  @Test
  void headers_and_body_are_sent_as_given() throws Exception {
    try (RawHost host = RawHost.saying(RawHost.ok(""));
        Caller caller = Caller.local()) {
      OutboundRequest request =
          new OutboundRequest(
              "test",
              "POST",
              caller.target("http://127.0.0.1:" + host.port() + "/p"),
              List.of(new Header("X-One", "1"), new Header("User-Agent", "mine")),
              bytes("body"));
      caller.outbound.send(request, Caller.LIMITS, caller.body);
      assertThat(host.heads().getFirst())
          .startsWith("POST /p HTTP/1.1\r\n")
          .contains("X-One: 1\r\n", "User-Agent: mine\r\n", "Content-Length: 4\r\n")
          .doesNotContain("Coatcheck");
    }
  }
}
