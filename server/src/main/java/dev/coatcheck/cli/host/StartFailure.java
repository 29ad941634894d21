package dev.coatcheck.cli.host;

import dev.coatcheck.cli.exit.CliException;
import dev.coatcheck.server.config.ConfigException;
import dev.coatcheck.server.config.ServerConfig;
import dev.coatcheck.store.StoreRefusedException;
import dev.coatcheck.store.StoreUnavailableException;
import java.net.BindException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Why a server did not start, in a line that says what to do. */
public final class StartFailure {

  private StartFailure() {}

  /** The failure to show; what is not of the surroundings' making stays as it is. */
  public static Exception explain(Exception failure, ServerConfig config) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      Optional<List<String>> lines = lines(t, config);
      if (lines.isPresent()) {
        return CliException.configuration(lines.get());
      }
    }
    return failure;
  }

  private static Optional<List<String>> lines(Throwable t, ServerConfig config) {
    String address = config.host() + ":" + config.port();
    return switch (t) {
      case ConfigException e -> Optional.of(e.problems());
      case StoreRefusedException e -> Optional.of(List.of(refused(e)));
      case StoreUnavailableException e -> Optional.of(List.of("The store: " + message(e)));
      case BindException e -> Optional.of(List.of(bind(e, address, config)));
      case UnresolvedAddressException _, UnknownHostException _ ->
          Optional.of(List.of("server.host: unknown host " + config.host()));
      case SocketException e ->
          Optional.of(List.of("Cannot listen on " + address + ": " + message(e)));
      case AccessDeniedException e -> Optional.of(List.of("May not read or write " + e.getFile()));
      case FileSystemException e -> Optional.of(List.of(message(e)));
      default -> Optional.empty();
    };
  }

  /** The operating system's reasons name a file and say no more. */
  private static String refused(StoreRefusedException e) {
    return switch (e.getCause()) {
      case FileAlreadyExistsException file -> file.getFile() + " is in the way: it is not a folder";
      case AccessDeniedException file -> "May not read or write " + file.getFile();
      case null, default -> message(e);
    };
  }

  private static String bind(BindException e, String address, ServerConfig config) {
    String reason = message(e);
    if (reason.contains("Cannot assign")) {
      return "server.host: " + config.host() + " is not an address of this machine.";
    }
    return reason.contains("ermission")
        ? "May not listen on " + address + ": ports below 1024 are for the system."
        : "Port "
            + config.port()
            + " of "
            + config.host()
            + " is in use. Choose another with --port, or 0 for a free one.";
  }

  private static String message(Throwable t) {
    return Objects.requireNonNullElse(t.getMessage(), t.getClass().getSimpleName());
  }
}
