package dev.coatcheck.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A connection on which a test says exactly what it likes. */
final class RawSocket implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;

  RawSocket(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
  }

  /** What came back, and whether the connection stays open. */
  record Reply(int status, String header, String body) {

    boolean has(String headerLine) {
      return header.toLowerCase(Locale.ROOT).contains(headerLine.toLowerCase(Locale.ROOT));
    }
  }

  RawSocket send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  Reply reply() throws IOException {
    return reply(false);
  }

  Reply reply(boolean head) throws IOException {
    String header = header();
    String lower = header.toLowerCase(Locale.ROOT);
    int status = header.isEmpty() ? 0 : Integer.parseInt(header.split(" ", -1)[1]);
    int at = lower.indexOf("content-length: ");
    String body = "";
    if (at >= 0 && !head) {
      int length = Integer.parseInt(lower.substring(at + 16).split("\r\n", -1)[0].trim());
      body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
    return new Reply(status, header, body);
  }

  private String header() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        break;
      }
      bytes.write(b);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** Waits for the end of the connection; true if it came, whether in peace or by a reset. */
  boolean ended() {
    try {
      return in.readAllBytes() != null;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  /** Reads until the text has come or the connection has ended. */
  String readUntil(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (!bytes.toString(StandardCharsets.UTF_8).contains(text)) {
      int b = in.read();
      if (b < 0) {
        break;
      }
      bytes.write(b);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
