package dev.coatcheck.outbound;

import dev.coatcheck.outbound.Outcome.Failed;
import dev.coatcheck.outbound.rules.AddressRules;
import dev.coatcheck.outbound.rules.Target;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;

/** One exchange from the name to the last byte: resolve, check, connect, secure, ask. */
final class Call {

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final OutboundRequest request;
  private final Limits limits;
  private final OutputStream sink;
  private final Resolver resolver;
  private final AddressRules rules;
  private final SSLContext tls;
  private final Conduit conduit = new Conduit();

  /** What goes wrong now is of this kind. */
  private volatile FailureKind stage = FailureKind.DNS;

  Call(
      OutboundRequest request,
      Limits limits,
      OutputStream sink,
      Resolver resolver,
      AddressRules rules,
      SSLContext tls) {
    this.request = request;
    this.limits = limits;
    this.sink = sink;
    this.resolver = resolver;
    this.rules = rules;
    this.tls = tls;
  }

  OutboundRequest request() {
    return request;
  }

  /** Ends the exchange from another thread. */
  void cut() {
    conduit.cut();
  }

  /** What it is when the total time is over. */
  Failed timedOut() {
    FailureKind kind =
        switch (stage) {
          case DNS, CONNECT, BLOCKED -> stage;
          case TLS, TIMEOUT, TOO_LARGE, BROKEN -> FailureKind.TIMEOUT;
        };
    return new Failed(kind, "not done after " + limits.total().toMillis() + " ms");
  }

  /**
   * Does it all.
   *
   * @throws Exchange.SinkException if the sink fails
   */
  Outcome run() throws Exchange.SinkException, InterruptedException {
    try {
      return attempt();
    } catch (Exchange.SinkException sinkFailed) {
      throw sinkFailed;
    } catch (HeadLimit.ExceededException | MessageConstraintException tooLarge) {
      return new Failed(FailureKind.TOO_LARGE, describe(tooLarge));
    } catch (IOException | HttpException failed) {
      return new Failed(stage, describe(failed));
    } finally {
      conduit.cut();
    }
  }

  private Outcome attempt() throws IOException, HttpException, InterruptedException {
    Target target = request.target();
    List<InetAddress> addresses = resolve(target);
    Optional<String> blocked = rules.blocksAny(addresses, target.port(), target.listed());
    if (blocked.isPresent()) {
      return new Failed(FailureKind.BLOCKED, blocked.get());
    }
    stage = FailureKind.CONNECT;
    Socket plain = connect(addresses, target.port());
    stage = FailureKind.TLS;
    Socket socket = target.secure() ? secure(plain, target) : plain;
    stage = FailureKind.BROKEN;
    return new Exchange(request, limits, sink).over(socket);
  }

  private List<InetAddress> resolve(Target target) throws IOException, InterruptedException {
    Optional<InetAddress> literal = target.literal();
    if (literal.isPresent()) {
      return List.of(literal.get());
    }
    List<InetAddress> addresses = List.copyOf(resolver.resolve(target.host()));
    if (addresses.isEmpty()) {
      throw new UnknownHostException(target.host());
    }
    return addresses;
  }

  private Socket connect(List<InetAddress> addresses, int port) throws IOException {
    IOException last = new IOException("no address");
    for (InetAddress address : addresses) {
      try {
        return conduit.connect(new InetSocketAddress(address, port), limits.connect());
      } catch (IOException refused) {
        last = refused;
      }
    }
    throw last;
  }

  private Socket secure(Socket plain, Target target) throws IOException {
    SSLSocket socket =
        (SSLSocket) tls.getSocketFactory().createSocket(plain, target.host(), target.port(), false);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(PROTOCOLS);
    if (target.literal().isEmpty()) {
      parameters.setServerNames(List.of(new SNIHostName(target.host())));
    }
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** In one line: parts of it may come from the host. */
  private static String describe(Exception failed) {
    return failed.toString().replaceAll("\\p{Cntrl}", "?");
  }
}
