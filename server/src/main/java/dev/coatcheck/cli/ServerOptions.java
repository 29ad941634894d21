package dev.coatcheck.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that decide how a server would run; they win over environment and file. */
final class ServerOptions extends StoreOptions {

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to listen on; 0 picks a free one. Default: 8080.")
  private @Nullable String port;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Address to listen on. Default: 127.0.0.1.")
  private @Nullable String host;

  @Override
  Map<String, String> flags() {
    Map<String, String> flags = super.flags();
    put(flags, "server.port", port);
    put(flags, "server.host", host);
    return flags;
  }
}
