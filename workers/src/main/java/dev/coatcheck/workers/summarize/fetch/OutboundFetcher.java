package dev.coatcheck.workers.summarize.fetch;

import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.outbound.FailureKind;
import dev.coatcheck.outbound.Limits;
import dev.coatcheck.outbound.Outbound;
import dev.coatcheck.outbound.OutboundRequest;
import dev.coatcheck.outbound.Outcome;
import dev.coatcheck.outbound.Outcome.Answered;
import dev.coatcheck.outbound.Outcome.Failed;
import dev.coatcheck.outbound.rules.Target;
import dev.coatcheck.outbound.rules.UrlVerdict;
import dev.coatcheck.workers.summarize.Fetcher;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Loads documents through {@link Outbound}. */
public final class OutboundFetcher implements Fetcher {

  private final Outbound outbound;

  public OutboundFetcher(Outbound outbound) {
    this.outbound = outbound;
  }

  @Override
  public Fetched fetch(String url, Path into, long maxBytes, Duration atMost)
      throws WorkFailure, InterruptedException {
    Target target = target(url);
    OutboundRequest request = OutboundRequest.get("summarize", target);
    Limits limits = Limits.of(atMost, maxBytes);
    return switch (send(request, limits, into)) {
      case Answered answered -> fetched(answered);
      case Failed failed -> throw failure(failed, maxBytes);
    };
  }

  private Target target(String url) throws WorkFailure {
    return switch (outbound.check(url)) {
      case UrlVerdict.Allowed(Target target) -> target;
      case UrlVerdict.Refused(String reason) -> throw unavailable(reason, false);
    };
  }

  private Outcome send(OutboundRequest request, Limits limits, Path into)
      throws InterruptedException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(into))) {
      return outbound.send(request, limits, out);
    } catch (IOException trouble) {
      throw new UncheckedIOException("the document could not be kept", trouble);
    }
  }

  private static Fetched fetched(Answered answered) throws WorkFailure {
    int status = answered.status();
    if (status >= 300 && status < 400) {
      String to = answered.header("location").map(place -> " to " + place).orElse("");
      throw unavailable("The document has moved" + to + ". Submit the new address.", false);
    }
    if (status != 200) {
      boolean passing = status >= 500 || status == 429 || status == 408;
      throw unavailable("The host answered with status " + status + ".", passing);
    }
    if (!answered.header("content-encoding").orElse("identity").equalsIgnoreCase("identity")) {
      throw unavailable("The host sent the document compressed, unasked.", false);
    }
    return new Fetched(answered.contentType().orElse(null));
  }

  private static WorkFailure failure(Failed failed, long maxBytes) {
    if (failed.kind() == FailureKind.TOO_LARGE) {
      return WorkFailure.permanent(
          ErrorCode.UNSUPPORTED_INPUT,
          "The document is too large: more than " + maxBytes + " bytes.");
    }
    return unavailable(failed.publicMessage(), failed.kind() == FailureKind.TIMEOUT);
  }

  private static WorkFailure unavailable(String message, boolean retryable) {
    return retryable
        ? WorkFailure.retryable(ErrorCode.INPUT_UNAVAILABLE, message)
        : WorkFailure.permanent(ErrorCode.INPUT_UNAVAILABLE, message);
  }
}
