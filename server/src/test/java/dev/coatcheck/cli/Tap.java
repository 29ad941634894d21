package dev.coatcheck.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands between a client and the real server and does harm to some of the answers. */
final class Tap implements AutoCloseable {

  private static final Pattern LENGTH = Pattern.compile("(?i)\ncontent-length: *(\\d+)");

  /** What becomes of the answer to a request. */
  sealed interface Harm {

    record None() implements Harm {}

    /** The server has answered, but the client never hears of it. */
    record Swallow() implements Harm {}

    /** The connection breaks after the text has passed by so many times. */
    record CutAfter(String text, int times) implements Harm {}

    /** The request never reaches the server; this is answered in its stead. */
    record Reply(String answer) implements Harm {

      static Reply of(String status, String header, String body) {
        return new Reply(
            String.join(
                "\r\n",
                "HTTP/1.1 " + status,
                header,
                "Content-Length: " + body.length(),
                "Connection: close",
                "",
                body));
      }
    }
  }

  /** Decides by the head of the request; called once for each. */
  interface Plan {
    Harm harm(String head);
  }

  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final URI server;
  private final Plan plan;

  Tap(String server, Plan plan) throws IOException {
    this.server = URI.create(server);
    this.plan = plan;
    Thread.ofVirtual().start(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  /** The heads of all requests so far whose first line contains the text. */
  List<String> heads(String text) {
    return heads.stream()
        .filter(head -> head.lines().findFirst().orElse("").contains(text))
        .toList();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = socket.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      String head = head(in);
      if (head.isEmpty()) {
        return;
      }
      heads.add(head);
      byte[] body = in.readNBytes(length(head));
      switch (plan.harm(head)) {
        case Harm.Reply(String answer) -> client.getOutputStream().write(bytes(answer));
        case Harm.None _ -> relay(head, body, client.getOutputStream(), "", 0);
        case Harm.Swallow _ -> relay(head, body, OutputStream.nullOutputStream(), "", 0);
        case Harm.CutAfter(String text, int times) ->
            relay(head, body, client.getOutputStream(), text, times);
      }
    } catch (IOException e) {
      // The other side went away.
    }
  }

  private void relay(String head, byte[] body, OutputStream out, String text, int times)
      throws IOException {
    try (Socket upstream = new Socket(server.getHost(), server.getPort())) {
      upstream
          .getOutputStream()
          .write(bytes(head.replaceFirst("\r\n", "\r\nConnection: close\r\n")));
      upstream.getOutputStream().write(body);
      StringBuilder passed = new StringBuilder();
      InputStream answer = upstream.getInputStream();
      for (int c = answer.read(); c >= 0; c = answer.read()) {
        out.write(c);
        passed.append((char) c);
        if (times > 0 && count(passed, text) >= times) {
          out.flush();
          return;
        }
      }
    }
  }

  private static int count(StringBuilder passed, String text) {
    int count = 0;
    for (int i = passed.indexOf(text); i >= 0; i = passed.indexOf(text, i + 1)) {
      count++;
    }
    return count;
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0; c = in.read()) {
      head.write(c);
      if (c == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        return head.toString(StandardCharsets.ISO_8859_1);
      }
    }
    return "";
  }

  private static int length(String head) {
    Matcher length = LENGTH.matcher(head);
    return length.find() ? Integer.parseInt(length.group(1)) : 0;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
