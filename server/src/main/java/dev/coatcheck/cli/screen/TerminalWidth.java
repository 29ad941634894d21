package dev.coatcheck.cli.screen;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks how wide the terminal is: {@code COLUMNS}, else {@code stty}, else 80. */
final class TerminalWidth {

  private static final int DEFAULT = 80;
  private static final int NARROWEST = 20;
  private static final Pattern STTY = Pattern.compile("\\d+ (\\d+)\\s*");

  private TerminalWidth() {}

  static int of(Map<String, String> env) {
    int columns = number(env.getOrDefault("COLUMNS", ""));
    return columns > 0 ? columns : fromStty();
  }

  private static int fromStty() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      boolean ended = stty.waitFor(1, TimeUnit.SECONDS);
      Matcher size = STTY.matcher(answer);
      int columns = ended && size.matches() ? number(size.group(1)) : 0;
      return columns > 0 ? columns : DEFAULT;
    } catch (IOException e) {
      return DEFAULT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return DEFAULT;
    }
  }

  /** Zero for what says nothing: a terminal that does not know its size answers 0. */
  private static int number(String text) {
    int number = text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
    return number == 0 ? 0 : Math.max(NARROWEST, number);
  }
}
