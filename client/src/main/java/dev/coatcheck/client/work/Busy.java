package dev.coatcheck.client.work;

import java.time.Duration;

/** The work cannot run now, because somebody else said "not yet". It costs no attempt. */
public final class Busy extends NotDone {

  private static final long serialVersionUID = 1L;

  private final transient Duration retryAfter;
  private final String scope;

  private Busy(Duration retryAfter, String reason, String scope) {
    super(reason);
    this.retryAfter = retryAfter;
    this.scope = scope;
  }

  /**
   * To be tried again later.
   *
   * @param reason for people, such as {@code 429}
   */
  public static Busy retryAfter(Duration wait, String reason) {
    return new Busy(wait, reason, "");
  }

  /** Names what was busy, such as {@code openai/gpt-4o}. */
  public Busy scope(String name) {
    return new Busy(retryAfter, reason(), name);
  }

  public Duration retryAfter() {
    return retryAfter;
  }

  public String reason() {
    return String.valueOf(getMessage());
  }

  /** Empty if none was named. */
  public String scope() {
    return scope;
  }
}
