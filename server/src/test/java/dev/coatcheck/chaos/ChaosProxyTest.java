package dev.coatcheck.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.coatcheck.chaos.Weather.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChaosProxyTest {

  private static final String BODY = "a reply of some length ".repeat(200);

  private final AtomicInteger served = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          served.incrementAndGet();
          byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void in_fair_weather_it_is_not_noticed() throws Exception {
    try (ChaosProxy proxy = proxy(Weather.FAIR)) {
      assertThat(post(proxy, Duration.ofSeconds(10))).isEqualTo(BODY);
      assertThat(proxy.suffered()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LATE", "SPLIT", "SLOW"})
  void what_is_only_slow_arrives_whole(Fault fault) throws Exception {
    try (ChaosProxy proxy = proxy(Weather.of(1, fault))) {
      assertThat(post(proxy, Duration.ofSeconds(30))).isEqualTo(BODY);
      assertThat(proxy.suffered()).containsEntry(fault, 1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REPLY_LOST", "RESET_REPLY", "DEAF_CLIENT"})
  void the_server_has_served_and_the_client_does_not_know(Fault fault) throws Exception {
    try (ChaosProxy proxy = proxy(Weather.of(1, fault))) {
      for (int i = 0; i < 7; i++) {
        tryPost(proxy);
      }
      assertThat(served.get()).isPositive();
      assertThatThrownBy(() -> postAll(proxy)).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"RESET_REQUEST", "HALF_OPEN", "DEAF_SERVER"})
  void the_server_never_has_the_whole_request(Fault fault) throws Exception {
    try (ChaosProxy proxy = proxy(Weather.of(1, fault))) {
      String large = "x".repeat(2_000);
      assertThatThrownBy(() -> send(proxy, large, Duration.ofMillis(300)))
          .isInstanceOf(IOException.class);
      assertThat(served).hasValue(0);
    }
  }

  @Test
  void the_same_seed_gives_the_same_fates() {
    assertThat(fates(7)).isEqualTo(fates(7)).isNotEqualTo(fates(8));
  }

  private static java.util.List<Weather.Fate> fates(long seed) {
    var random = java.util.random.RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    return java.util.stream.Stream.generate(() -> Weather.FOUL.fate(random)).limit(100).toList();
  }

  private ChaosProxy proxy(Weather weather) {
    return ChaosProxy.before(server.getAddress().getPort(), 1, weather);
  }

  private void tryPost(ChaosProxy proxy) throws InterruptedException {
    try {
      post(proxy, Duration.ofMillis(300));
    } catch (IOException lost) {
      assertThat(lost).isNotNull();
    }
  }

  /** One connection, so that a fault that waits for some replies comes to its turn. */
  private void postAll(ChaosProxy proxy) throws Exception {
    for (int i = 0; i < 10; i++) {
      post(proxy, Duration.ofMillis(500));
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private String post(ChaosProxy proxy, Duration patience)
      throws IOException, InterruptedException {
    return send(proxy, "hello", patience);
  }

  private String send(ChaosProxy proxy, String body, Duration patience)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(proxy.url() + "/"))
            .timeout(patience)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
