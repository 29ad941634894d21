package dev.coatcheck.cli.doctor;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.ConnectionException;
import dev.coatcheck.cli.client.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Optional;

/** Is the port free, or does our own server answer there already? */
final class Port {

  private static final String CHECK = "port";

  private final String host;
  private final int port;

  Port(String host, int port) {
    this.host = host;
    this.port = port;
  }

  Finding check() {
    if (port == 0) {
      return Finding.ok(CHECK, "any free one");
    }
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getByName(host))) {
      return Finding.ok(CHECK, host + ":" + port + " is free");
    } catch (UnknownHostException e) {
      return Finding.fail(CHECK, "unknown host " + host);
    } catch (IOException e) {
      return answered() ? ours() : taken(e);
    }
  }

  private Finding ours() {
    return Finding.ok(CHECK, "a server answers at " + url());
  }

  private Finding taken(IOException e) {
    return Finding.fail(CHECK, host + ":" + port + " cannot be used: " + e.getMessage());
  }

  private boolean answered() {
    try (Api api = new Api(Target.of(url(), Optional.empty()))) {
      Answer answer = api.tryGet("/health/live");
      return answer.ok() && answer.headers().firstValue("X-Request-Id").isPresent();
    } catch (ConnectionException e) {
      return false;
    }
  }

  private String url() {
    String reachable = "0.0.0.0".equals(host) || "::".equals(host) ? "127.0.0.1" : host;
    return "http://" + (reachable.contains(":") ? "[" + reachable + "]" : reachable) + ":" + port;
  }
}
