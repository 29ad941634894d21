package dev.coatcheck.outbound;

import dev.coatcheck.outbound.rules.Target;
import java.util.List;

/**
 * What is sent.
 *
 * @param purpose who asks and for what, for the operator's log
 * @param headers besides those that frame the request, see {@link Header#wrong}
 * @param body empty for none
 */
public record OutboundRequest(
    String purpose, String method, Target target, List<Header> headers, byte[] body) {

  public OutboundRequest {
    headers = List.copyOf(headers);
    for (Header header : headers) {
      header
          .wrong()
          .ifPresent(wrong -> {
            throw new IllegalArgumentException(wrong);
          });
    }
    if (!method.matches("[A-Z]{1,20}")) {
      throw new IllegalArgumentException("no method: " + method);
    }
  }

  public static OutboundRequest get(String purpose, Target target) {
    return new OutboundRequest(purpose, "GET", target, List.of(), new byte[0]);
  }

  boolean has(String header) {
    return headers.stream().anyMatch(each -> each.is(header));
  }

  /** Leaves out whatever may be secret. */
  @Override
  public String toString() {
    return purpose + ": " + method + " " + target;
  }
}
