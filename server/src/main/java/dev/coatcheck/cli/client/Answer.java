package dev.coatcheck.cli.client;

import dev.coatcheck.cli.exit.CliException;
import dev.coatcheck.cli.exit.ExitCode;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What the server said. */
public record Answer(int status, HttpHeaders headers, byte[] body) {

  public boolean ok() {
    return status >= 200 && status < 300;
  }

  /** This answer, or the end of the command if the server refused. */
  public Answer orRefused() {
    if (!ok()) {
      throw refusal();
    }
    return this;
  }

  CliException refusal() {
    return new CliException(ExitCode.REFUSED, Problem.lines(this));
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  public JsonNode json() {
    try {
      return Json.MAPPER.readTree(body);
    } catch (JacksonException e) {
      throw new CliException(
          ExitCode.REFUSED,
          List.of("The server's answer is not JSON. Is this a Coatcheck server?"));
    }
  }

  /** Whole seconds only, as this API writes it. */
  public Optional<Duration> retryAfter() {
    return headers
        .firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,9}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)));
  }
}
