package dev.coatcheck.cli.exit;

/** What the program tells the shell. */
public final class ExitCode {

  public static final int DONE = 0;

  /** The job ended other than succeeded, or a check failed. */
  public static final int NOT_SUCCEEDED = 1;

  /** Wrong usage, or input that cannot be read. */
  public static final int USAGE = 2;

  public static final int UNREACHABLE = 3;

  /** The server answered 4xx or 5xx. */
  public static final int REFUSED = 4;

  /** A defect of this program. */
  public static final int INTERNAL = 70;

  /** The disk failed under the server: what was acknowledged is safe, a restart goes on. */
  public static final int DISK = 74;

  public static final int CONFIGURATION = 78;

  private ExitCode() {}
}
