package dev.coatcheck.cli.exit;

import java.util.List;

/** Ends a command with an exit code and lines for a person; never shown with a stack trace. */
public final class CliException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final transient List<String> lines;

  public CliException(int exitCode, List<String> lines) {
    super(String.join("\n", lines), null, false, false);
    this.exitCode = exitCode;
    this.lines = List.copyOf(lines);
  }

  public static CliException usage(String... lines) {
    return new CliException(ExitCode.USAGE, List.of(lines));
  }

  public static CliException unreachable(String... lines) {
    return new CliException(ExitCode.UNREACHABLE, List.of(lines));
  }

  public static CliException configuration(List<String> lines) {
    return new CliException(ExitCode.CONFIGURATION, lines);
  }

  public int exitCode() {
    return exitCode;
  }

  public List<String> lines() {
    return lines;
  }
}
