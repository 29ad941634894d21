package dev.coatcheck.cli.screen;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where a command reads and writes.
 *
 * @param live whether a person looks on: progress may be drawn over itself
 */
public record Screen(
    InputStream in, PrintStream out, PrintStream err, boolean live, Ink ink, int width) {

  private static final int DEFAULT_WIDTH = 100;

  /** The streams of this process. */
  public static Screen ofProcess(Map<String, String> env) {
    boolean terminal = terminal();
    boolean dumb = "dumb".equals(env.get("TERM"));
    boolean colour = terminal && !dumb && env.getOrDefault("NO_COLOR", "").isEmpty();
    return new Screen(
        System.in,
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        terminal && !dumb,
        colour ? Ink.COLOUR : Ink.PLAIN,
        terminal ? TerminalWidth.of(env) : DEFAULT_WIDTH);
  }

  private static boolean terminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /** Text is UTF-8 wherever the locale says nothing else, as in a bare container. */
  private static PrintStream stream(FileDescriptor descriptor) {
    boolean windows = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("win");
    Charset charset = StandardCharsets.UTF_8;
    if (windows) {
      charset = Charset.forName(System.getProperty("stdout.encoding", "UTF-8"));
    }
    return new PrintStream(new FileOutputStream(descriptor), true, charset);
  }

  public void print(Iterable<String> lines) {
    lines.forEach(out::println);
  }

  /** Width of running text: lines longer than this are hard to read. */
  public int textWidth() {
    return Math.clamp(width - 4, 20, 84);
  }
}
