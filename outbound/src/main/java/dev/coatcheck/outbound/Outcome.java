package dev.coatcheck.outbound;

import java.util.List;
import java.util.Optional;

/** How an exchange ended. */
public sealed interface Outcome {

  /**
   * There is an answer, of whatever status; a redirect is one and is not followed.
   *
   * @param bytes how many of the body were handed over, as they came: never decompressed
   * @param truncated whether the body was larger
   */
  record Answered(int status, List<Header> headers, long bytes, boolean truncated)
      implements Outcome {

    public Answered {
      headers = List.copyOf(headers);
    }

    /** The first field of that name. */
    public Optional<String> header(String name) {
      return headers.stream().filter(each -> each.is(name)).map(Header::value).findFirst();
    }

    public Optional<String> contentType() {
      return header("content-type");
    }
  }

  /**
   * There is no answer, or not the whole of it.
   *
   * @param detail the real reason, for the operator only
   */
  record Failed(FailureKind kind, String detail) implements Outcome {

    /** What a tenant may know. */
    public String publicMessage() {
      return kind.publicMessage();
    }
  }
}
