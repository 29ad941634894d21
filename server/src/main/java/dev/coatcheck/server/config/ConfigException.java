package dev.coatcheck.server.config;

import java.util.List;

/** The configuration cannot be used; the message lists everything that is wrong. */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The exit code of a program that stops because of this. */
  public static final int EXIT_CODE = 78;

  private final transient List<String> problems;

  public ConfigException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line each. */
  public List<String> problems() {
    return problems;
  }
}
