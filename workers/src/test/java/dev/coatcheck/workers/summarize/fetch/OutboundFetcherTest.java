package dev.coatcheck.workers.summarize.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.outbound.Outbound;
import dev.coatcheck.outbound.OutboundSettings;
import dev.coatcheck.outbound.rules.AllowList;
import dev.coatcheck.workers.summarize.Fetcher.Fetched;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a real server on this machine. */
@Timeout(60)
class OutboundFetcherTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private final CountDownLatch never = new CountDownLatch(1);
  private final Outbound outbound =
      new Outbound(OutboundSettings.defaults().withAllow(AllowList.parse("127.0.0.1", false)));
  private final OutboundFetcher fetcher = new OutboundFetcher(outbound);
  private HttpServer host;

  @BeforeEach
  void start() throws IOException {
    host = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    host.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    host.start();
  }

  @AfterEach
  void stop() {
    never.countDown();
    host.stop(0);
    outbound.close();
  }

  private interface Answer {
    void to(HttpExchange exchange) throws Exception;
  }

  private void on(String path, Answer answer) {
    host.createContext(
        path,
        exchange -> {
          try (exchange) {
            answer.to(exchange);
          } catch (Exception ended) {
            throw new IOException(ended);
          }
        });
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + host.getAddress().getPort() + path;
  }

  private WorkFailure failure(String url, long max, Duration atMost) {
    WorkFailure failure =
        catchThrowableOfType(
            WorkFailure.class, () -> fetcher.fetch(url, directory.resolve("f"), max, atMost));
    assertThat(failure).isNotNull();
    return failure;
  }

  @Test
  void a_document_is_loaded_with_its_type() throws Exception {
    on(
        "/page",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/html; charset=latin1");
          send(exchange, 200, "<p>Hello.</p>");
        });
    Path into = directory.resolve("page");

    assertThat(fetcher.fetch(url("/page"), into, 100, LONG))
        .isEqualTo(new Fetched("text/html; charset=latin1"));
    assertThat(into).hasContent("<p>Hello.</p>");
  }

  @ParameterizedTest
  @CsvSource({"404,false", "401,false", "204,false", "500,true", "503,true", "429,true"})
  void a_status_that_may_pass_is_worth_another_attempt(int status, boolean retryable) {
    on("/page", exchange -> exchange.sendResponseHeaders(status, -1));

    WorkFailure failure = failure(url("/page"), 100, LONG);
    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT_UNAVAILABLE);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.text()).contains(Integer.toString(status));
  }

  @Test
  void a_redirect_is_told_and_not_followed() {
    on(
        "/old",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "http://169.254.169.254/latest");
          exchange.sendResponseHeaders(302, -1);
        });

    WorkFailure failure = failure(url("/old"), 100, LONG);
    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT_UNAVAILABLE);
    assertThat(failure.retryable()).isFalse();
    assertThat(failure.text()).contains("moved to http://169.254.169.254/latest");
  }

  @Test
  void a_refused_url_is_told_why() {
    WorkFailure failure = failure("http://example.com/", 100, LONG);
    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT_UNAVAILABLE);
    assertThat(failure.retryable()).isFalse();
    assertThat(failure.text()).contains("https");
  }

  @Test
  void a_document_that_is_too_large_is_no_input() {
    on("/page", exchange -> send(exchange, 200, "x".repeat(101)));

    WorkFailure failure = failure(url("/page"), 100, LONG);
    assertThat(failure.code()).isEqualTo(ErrorCode.UNSUPPORTED_INPUT);
    assertThat(failure.retryable()).isFalse();
    assertThat(failure.text()).contains("100 bytes");
  }

  @Test
  void a_host_that_does_not_answer_in_time_is_worth_another_attempt() {
    on("/page", exchange -> never.await());

    WorkFailure failure = failure(url("/page"), 100, Duration.ofMillis(200));
    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT_UNAVAILABLE);
    assertThat(failure.retryable()).isTrue();
  }
}
