package dev.coatcheck.outbound;

import dev.coatcheck.outbound.rules.AllowList;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A host with a certificate of an authority that nobody else knows. */
final class TlsHost implements AutoCloseable {

  private static final char[] PASSWORD = "changeit".toCharArray();

  private static byte[] authorityFile = new byte[0];

  private final Certificate authority;
  private final SSLServerSocket listener;
  private final String answer;
  private final List<String> serverNames = new CopyOnWriteArrayList<>();
  private final List<String> heads = new CopyOnWriteArrayList<>();

  private TlsHost(KeyStore keys, String answer) throws Exception {
    this.authority = keys.getCertificate("authority");
    keys.deleteEntry("authority");
    this.answer = answer;
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    ServerSocket socket =
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    this.listener = (SSLServerSocket) socket;
    Thread.startVirtualThread(this::listen);
  }

  static TlsHost named(String name, String answer) throws Exception {
    return named(name, answer, "-validity", "1");
  }

  /** With more options of keytool, such as for when the certificate was valid. */
  static synchronized TlsHost named(String name, String answer, String... options)
      throws Exception {
    Path file = Files.createTempDirectory("tls").resolve("keys.p12");
    try {
      // The program takes a second to start, so nothing is made twice.
      if (authorityFile.length == 0) {
        keytool(file, "authority", "-dname", "CN=authority", "-ext", "bc:c");
        authorityFile = Files.readAllBytes(file);
      }
      Files.write(file, authorityFile);
      keytool(
          file,
          "host",
          options,
          "-dname",
          "CN=x",
          "-ext",
          "san=dns:" + name,
          "-signer",
          "authority");
      return new TlsHost(KeyStore.getInstance(file.toFile(), PASSWORD), answer);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(file.getParent());
    }
  }

  private static void keytool(Path file, String alias, String... options) throws Exception {
    keytool(file, alias, options, new String[0]);
  }

  private static void keytool(Path file, String alias, String[] some, String... others)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-genkeypair", "-alias", alias));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", "changeit", "-keystore", file.toString()));
    command.addAll(List.of(some));
    command.addAll(List.of(others));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
  }

  private void listen() {
    while (!listener.isClosed()) {
      try (SSLSocket socket = (SSLSocket) listener.accept()) {
        socket.startHandshake();
        ((ExtendedSSLSession) socket.getSession())
            .getRequestedServerNames()
            .forEach(name -> serverNames.add(name.toString()));
        heads.add(head(socket.getInputStream()));
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      } catch (IOException refused) {
        // The caller did not like the certificate, or the host was closed.
      }
    }
  }

  private static String head(InputStream in) throws IOException {
    byte[] buffer = new byte[8_192];
    int read = in.read(buffer);
    return new String(buffer, 0, Math.max(read, 0), StandardCharsets.ISO_8859_1);
  }

  /** Settings that trust the certificate. */
  OutboundSettings trusted(String allow, Resolver names) throws GeneralSecurityException {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore certificates;
    try {
      certificates = KeyStore.getInstance("PKCS12");
      certificates.load(null, null);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    certificates.setCertificateEntry("authority", authority);
    trust.init(certificates);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return untrusted(allow, names).withTls(context);
  }

  OutboundSettings untrusted(String allow, Resolver names) {
    return OutboundSettings.defaults().withAllow(AllowList.parse(allow, false)).withResolver(names);
  }

  int port() {
    return listener.getLocalPort();
  }

  List<String> heads() {
    return List.copyOf(heads);
  }

  List<String> serverNames() {
    return List.copyOf(serverNames);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
