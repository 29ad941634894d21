package dev.coatcheck.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page in {@code examples/browser}, served as its README says. */
@Tag("browser")
@Timeout(120)
class ExampleTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String TEXT =
      "A tide below 3 < 4 metres is low & safe for the smaller boats.";

  @TempDir private Path folder;
  private Site site;

  @BeforeEach
  void start() throws Exception {
    site = Site.start(folder);
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void a_job_is_followed_live() throws Exception {
    try (Example example = Example.serve(site.url());
        Browser browser = Browser.open(example.url())) {
      browser.go("/");
      browser.find("#text").sendKeys(TEXT);
      browser.click("Hand in");
      browser.untilText("#status", "succeeded");
      browser.untilText("#result", "3 < 4 metres is low & safe");
      assertThat(browser.find("#ticket").getText()).startsWith("job_");
      assertThat(browser.path()).isEqualTo("/#" + browser.find("#ticket").getText());

      String slow = site.submit("simulate", "{\"duration_ms\":1500,\"steps\":10}");
      browser.go("/#" + slow);
      browser.untilText("#stage", "step 5 of 10");
      assertThat(browser.find("#way").getText()).isEqualTo("live");
      browser.untilText("#status", "succeeded");
      browser.isQuiet();
    }
  }

  @Test
  void a_running_job_is_canceled() throws Exception {
    try (Example example = Example.serve(site.url());
        Browser browser = Browser.open(example.url())) {
      browser.go("/");
      String endless = site.submit("simulate", "{\"duration_ms\":60000}");
      browser.go("/#" + endless);
      browser.untilText("#status", "running");
      browser.click("Cancel");
      browser.untilText("#status", "canceled");
    }
  }

  @Test
  void without_events_the_job_is_polled() throws Exception {
    try (Deaf deaf = new Deaf(site.url());
        Example example = Example.serve(deaf.url());
        Browser browser = Browser.open(example.url())) {
      browser.go("/");
      String slow =
          site.submit("simulate", "{\"duration_ms\":2500,\"output\":{\"summary\":\"done\"}}");
      browser.go("/#" + slow);
      browser.untilText("#way", "polling");
      browser.untilText("#result", "done");
      assertThat(browser.find("#status").getText()).isEqualTo("succeeded");
    }
  }

  /** The example's own server, in a process of its own. */
  private record Example(Process process, String url) implements AutoCloseable {

    static Example serve(String coatcheck) throws IOException {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      Process process =
          new ProcessBuilder(java, "examples/browser/Serve.java", "0", coatcheck)
              .directory(Path.of("..").toFile())
              .redirectErrorStream(true)
              .start();
      BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
      String line = lines.readLine();
      assertThat(line).startsWith("Open http://127.0.0.1:");
      return new Example(process, line.substring("Open ".length()));
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /** A proxy through which events do not come. */
  private static final class Deaf implements AutoCloseable {

    private final HttpServer server;
    private final String target;

    Deaf(String target) throws IOException {
      this.target = target;
      server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", this::pass);
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void pass(HttpExchange exchange) throws IOException {
      try (exchange) {
        String path = exchange.getRequestURI().toString();
        if (path.endsWith("/events")) {
          exchange.sendResponseHeaders(502, -1);
          return;
        }
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(target + path))
                .method(
                    exchange.getRequestMethod(),
                    BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()))
                .build();
        HttpResponse<byte[]> answer = HTTP.send(request, BodyHandlers.ofByteArray());
        answer
            .headers()
            .firstValue("Retry-After")
            .ifPresent(value -> exchange.getResponseHeaders().set("Retry-After", value));
        exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
        exchange.getResponseBody().write(answer.body());
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
