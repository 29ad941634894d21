import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * What stands between a browser and Coatcheck: it serves the page, and passes the few requests that the page needs on
 * with the API key, which never reaches the browser. In an application this is your own backend; it would also check
 * that the job belongs to the user who asks.
 *
 * <p>{@code java examples/browser/Serve.java [PORT] [COATCHECK_URL]}, the key in COATCHECK_API_KEY.
 */
class Serve {

  static final Path HERE = Path.of("examples/browser");
  static final Map<String, String> PAGES =
      Map.of("/", "index.html", "/app.js", "app.js", "/style.css", "style.css");
  static final Map<String, String> TYPES =
      Map.of("html", "text/html; charset=utf-8", "js", "text/javascript", "css", "text/css");
  static final String ALLOWED =
      "POST /v1/jobs|(GET|POST) /v1/jobs/job_[0-9a-z]{26}(/events|/cancel)?";
  static final List<String> UP = List.of("Content-Type", "Idempotency-Key", "Accept", "Last-Event-ID");
  static final List<String> DOWN = List.of("Content-Type", "Retry-After", "Cache-Control");

  static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  static String coatcheck;

  public static void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 3000;
    coatcheck = args.length > 1 ? args[1] : "http://127.0.0.1:8080";
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", Serve::page);
    server.createContext("/api/", Serve::forward);
    server.start();
    System.out.println("Open http://127.0.0.1:" + server.getAddress().getPort());
  }

  static void page(HttpExchange exchange) throws IOException {
    String name = PAGES.get(exchange.getRequestURI().getPath());
    if (name == null) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    byte[] bytes = Files.readAllBytes(HERE.resolve(name));
    exchange.getResponseHeaders().set("Content-Type", TYPES.get(name.substring(name.indexOf('.') + 1)));
    exchange.getResponseHeaders().set("Content-Security-Policy", "default-src 'self'; img-src data:; frame-ancestors 'none'");
    exchange.sendResponseHeaders(200, bytes.length);
    try (exchange) {
      exchange.getResponseBody().write(bytes);
    }
  }

  static void forward(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring("/api".length());
    String method = exchange.getRequestMethod();
    if (!(method + " " + path).matches(ALLOWED)) {
      exchange.sendResponseHeaders(403, -1);
      return;
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(coatcheck + path));
    UP.forEach(name -> exchange.getRequestHeaders().getOrDefault(name, List.of()).forEach(value -> request.header(name, value)));
    String key = System.getenv("COATCHECK_API_KEY");
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    byte[] body = exchange.getRequestBody().readAllBytes();
    request.method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    try (exchange) {
      HttpResponse<InputStream> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      DOWN.forEach(name -> answer.headers().firstValue(name).ifPresent(value -> exchange.getResponseHeaders().set(name, value)));
      exchange.sendResponseHeaders(answer.statusCode(), answer.statusCode() == 204 ? -1 : 0);
      passOn(answer.body(), exchange);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (IOException unreachable) {
      exchange.sendResponseHeaders(502, -1);
    }
  }

  /** Piece by piece: events must not wait for each other. */
  static void passOn(InputStream from, HttpExchange exchange) throws IOException {
    byte[] buffer = new byte[8192];
    try (from) {
      for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
        exchange.getResponseBody().write(buffer, 0, read);
        exchange.getResponseBody().flush();
      }
    }
  }
}
