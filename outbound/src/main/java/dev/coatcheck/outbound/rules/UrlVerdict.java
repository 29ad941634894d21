package dev.coatcheck.outbound.rules;

/** What the rules say of a URL. */
public sealed interface UrlVerdict {

  record Allowed(Target target) implements UrlVerdict {}

  /**
   * Not to be called.
   *
   * @param reason for whoever gave the URL: a whole sentence that tells nothing of the network
   */
  record Refused(String reason) implements UrlVerdict {}
}
