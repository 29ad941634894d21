package dev.coatcheck.workers.simulate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ways to take the process down, for tests of what survives it. */
final class Crash {

  private static final int EXIT_CODE = 99;
  private static final int BLOCK = 64 << 20;

  private Crash() {}

  static void maybe(@Nullable String way) {
    switch (way) {
      case null -> {}
      case "exit" -> Runtime.getRuntime().halt(EXIT_CODE);
      case "oom" -> exhaust();
      case "spin" -> spin();
      default -> throw new IllegalArgumentException("no way to crash is called " + way);
    }
  }

  private static void exhaust() {
    List<byte[]> held = new ArrayList<>();
    while (held.size() < Integer.MAX_VALUE) {
      held.add(new byte[BLOCK]);
    }
  }

  private static void spin() {
    long sink = 1;
    while (sink != 0) {
      sink |= sink << 1;
    }
  }
}
