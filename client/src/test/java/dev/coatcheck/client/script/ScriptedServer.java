package dev.coatcheck.client.script;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Notes every call and answers it as scripted, else as its usual answer for the path says. */
public final class ScriptedServer implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Seen> calls = new CopyOnWriteArrayList<>();
  private final Map<String, Queue<Act>> script = new ConcurrentHashMap<>();
  private final Map<String, Usual> usual = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  /** A call as it came. */
  public record Seen(String method, String path, JsonNode body, HttpExchange exchange) {

    public String header(String name) {
      return String.valueOf(exchange.getRequestHeaders().getFirst(name));
    }
  }

  /** An answer. */
  public record Said(int status, Map<String, String> headers, String body) {

    public static Said ok(String json) {
      return new Said(200, Map.of(), json);
    }

    public static Said problem(int status, String code, Map<String, String> headers) {
      return new Said(status, headers, "{\"code\":\"" + code + "\",\"status\":" + status + "}");
    }
  }

  /** Makes the usual answer. */
  @FunctionalInterface
  public interface Usual {
    Said answer(Seen call) throws Exception;
  }

  /** What happens to one call. */
  public sealed interface Act {

    /** Answered so; nothing else happens. */
    record Answer(Said said) implements Act {}

    /** Done as usual, but the answer is lost. */
    record LoseAnswer() implements Act {}

    /** Done as usual once the gate is open. */
    record Await(CountDownLatch gate) implements Act {}

    /** Not answered at all until the server closes. */
    record Hang() implements Act {}
  }

  private ScriptedServer(HttpServer http) {
    this.http = http;
    http.createContext("/", this::handle);
    http.setExecutor(threads);
    http.start();
  }

  public static ScriptedServer start() throws IOException {
    return new ScriptedServer(
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100));
  }

  public String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /** The usual answer to calls whose path ends so. */
  public ScriptedServer usually(String ending, Usual answer) {
    usual.put(ending, answer);
    return this;
  }

  /** What happens to the next calls whose path ends so, one after the other. */
  public ScriptedServer next(String ending, Act... acts) {
    script.computeIfAbsent(ending, none -> new ArrayDeque<>()).addAll(List.of(acts));
    return this;
  }

  /** All calls so far whose path ends so. */
  public List<Seen> calls(String ending) {
    return calls.stream().filter(call -> call.path().endsWith(ending)).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] bytes = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      JsonNode body =
          JSON.readTree(bytes.length == 0 ? "null".getBytes(StandardCharsets.UTF_8) : bytes);
      Seen seen = new Seen(exchange.getRequestMethod(), path, body, exchange);
      calls.add(seen);
      switch (act(path)) {
        case null -> say(exchange, usual(seen));
        case Act.Answer answer -> say(exchange, answer.said());
        case Act.LoseAnswer lost -> usual(seen);
        case Act.Await(CountDownLatch gate) -> {
          gate.await();
          say(exchange, usual(seen));
        }
        case Act.Hang hang -> closing.await();
      }
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private @org.jspecify.annotations.Nullable Act act(String path) {
    for (Map.Entry<String, Queue<Act>> each : script.entrySet()) {
      synchronized (each.getValue()) {
        if (path.endsWith(each.getKey()) && !each.getValue().isEmpty()) {
          return each.getValue().remove();
        }
      }
    }
    return null;
  }

  private Said usual(Seen seen) throws Exception {
    for (Map.Entry<String, Usual> each : usual.entrySet()) {
      if (seen.path().endsWith(each.getKey())) {
        return each.getValue().answer(seen);
      }
    }
    return Said.problem(404, "not_found", Map.of());
  }

  private static void say(HttpExchange exchange, Said said) throws IOException {
    byte[] body = said.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    said.headers().forEach(exchange.getResponseHeaders()::add);
    exchange.sendResponseHeaders(said.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    closing.countDown();
    http.stop(0);
    threads.shutdownNow();
  }
}
