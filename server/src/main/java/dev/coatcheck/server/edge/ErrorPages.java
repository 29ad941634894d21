package dev.coatcheck.server.edge;

import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.http.RequestIds;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what went wrong before or beside the routes, in the same form as they do. */
final class ErrorPages implements Request.Handler {

  private static final Logger log = LoggerFactory.getLogger(ErrorPages.class);

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!(request.getAttribute(RequestIds.ATTRIBUTE) instanceof String)) {
      request.setAttribute(RequestIds.ATTRIBUTE, RequestIds.next());
    }
    Gate.standardHeaders(
        response.getHeaders(), String.valueOf(request.getAttribute(RequestIds.ATTRIBUTE)));
    Object cause = request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
    int status =
        switch (cause) {
          case HttpException http -> http.getCode();
          case TimeoutException slow -> 408;
          case null, default -> response.getStatus();
        };
    if (status >= 500 && cause instanceof Throwable defect && status != 505) {
      log.error("a request failed", defect);
    }
    Gate.refuse(request, response, callback, problem(status));
    return true;
  }

  private static Problem problem(int status) {
    return switch (status) {
      case 404 -> Problem.notFound();
      case 405 -> Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "The method is not allowed here.");
      case 408 -> Problem.of(ProblemCode.REQUEST_TIMEOUT, "The request did not arrive in time.");
      case 413 -> Problem.of(ProblemCode.PAYLOAD_TOO_LARGE, "The body is too large.");
      case 414 -> Problem.of(ProblemCode.INVALID_REQUEST, 414, "The URL is too long.");
      case 415 -> Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "The body must be JSON.");
      case 417 -> Problem.of(ProblemCode.INVALID_REQUEST, 417, "The expectation is not known.");
      case 431 -> Problem.of(ProblemCode.INVALID_REQUEST, 431, "The header is too large.");
      case 503 -> Problem.of(ProblemCode.OVERLOADED, "The server is busy.");
      default ->
          (status >= 400 && status < 500) || status == 501 || status == 505
              ? Problem.of(ProblemCode.INVALID_REQUEST, status, "The request is not well formed.")
              : Problem.of(ProblemCode.INTERNAL, "The server failed.");
    };
  }
}
