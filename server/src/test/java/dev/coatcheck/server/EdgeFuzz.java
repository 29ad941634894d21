package dev.coatcheck.server;

import dev.coatcheck.fuzz.Claim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whole requests to a real server: whatever stands in a path, a query, a header, a form or a body,
 * the answer is one that is documented, and never a failure of the server's own.
 */
public final class EdgeFuzz {

  private static @Nullable TestServer server;
  private static String job = "";

  private EdgeFuzz() {}

  public static void fuzzerInitialize() throws Exception {
    TestServer started = TestServer.start();
    started.client.post("/v1/workers/outside", "{}");
    job = started.client.submitted(TestServer.ECHO, "1");
    server = started;
  }

  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    if (data.length < 2) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(data, 1, data.length);
    String text = new String(rest, StandardCharsets.ISO_8859_1);
    String body = text;
    String line = text.replaceAll("[\\r\\n\\x00]", "");
    String path = line.replaceAll("[\\x00-\\x20#]", "");
    String request =
        switch (Math.floorMod(data[0], 13)) {
          case 0 -> get("/v1/jobs?" + path, "");
          case 1 -> get("/v1/jobs/" + job + "/events", "Last-Event-ID: " + line);
          case 2 -> get("/v1/jobs/" + job + "/events?after=" + path, "");
          case 3 -> get("/v1/jobs/" + job, "Accept: " + line);
          case 4 -> get("/v1/jobs/" + path, "");
          case 5 ->
              post(
                  "/v1/jobs",
                  "application/json",
                  "Idempotency-Key: " + line,
                  "{\"worker\":\"echo\",\"input\":1}");
          case 6 -> post("/v1/jobs", "application/json", "", body);
          case 7 ->
              post(
                  "/v1/workers/echo/jobs",
                  "multipart/form-data; boundary=b",
                  "",
                  "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n" + body + "\r\n--b--\r\n");
          case 8 ->
              post(
                  "/v1/files",
                  "multipart/form-data; boundary=b",
                  "",
                  "--b\r\n" + body + "\r\n--b--\r\n");
          case 9 -> post("/v1/runners/lease", "application/json", "", body);
          case 10 -> post("/v1/leases/" + path + "/complete", "application/json", "", "{}");
          case 11 -> post("/v1/leases:complete", "application/json", "", body);
          default -> post("/v1/callbacks/" + path, line, "", body);
        };
    send(request);
  }

  private static String get(String target, String header) {
    return "GET "
        + target
        + " HTTP/1.1\r\nHost: 127.0.0.1:"
        + port()
        + "\r\n"
        + (header.isEmpty() ? "" : header + "\r\n")
        + "Connection: close\r\n\r\n";
  }

  private static String post(String target, String type, String header, String body) {
    return "POST "
        + target
        + " HTTP/1.1\r\nHost: 127.0.0.1:"
        + port()
        + "\r\nContent-Type: "
        + type
        + "\r\n"
        + (header.isEmpty() ? "" : header + "\r\n")
        + "Connection: close\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static int port() {
    return Objects.requireNonNull(server).server.port();
  }

  private static void send(String request) throws IOException {
    try (RawSocket socket = new RawSocket(port())) {
      RawSocket.Reply reply = socket.send(request).reply();
      Claim.that(reply.status() < 500, "the server has no fault: " + reply);
      boolean refused = reply.status() >= 400;
      Claim.that(
          !refused
              || reply.has("Content-Type: application/problem+json")
              || reply.has("Connection: close"),
          "a refusal is a problem: " + reply);
    }
  }
}
