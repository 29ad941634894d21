package dev.coatcheck.server.edge;

import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Paths;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.http.RequestIds;
import java.nio.ByteBuffer;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What every request passes before any route: it gets an id, its answer the headers that all
 * answers have, and who may not come in is turned away.
 */
final class Gate extends Handler.Wrapper {

  static final int HEADERS_MAX = 100;
  static final int TARGET_MAX = 8 * 1024;
  private static final int LONGEST_SHOWN = 300;

  private static final String METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS";
  private static final Set<String> KNOWN =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final Doorman doorman;

  Gate(Doorman doorman) {
    this.doorman = doorman;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String id = RequestIds.next();
    request.setAttribute(RequestIds.ATTRIBUTE, id);
    request.setAttribute(Exchange.CORE, request);
    standardHeaders(response.getHeaders(), id);
    try {
      checkShape(request);
      doorman.check(request);
    } catch (Problem problem) {
      refuse(request, response, callback, problem);
      return true;
    }
    if (request.getHttpURI().getPath().equals("*") || request.getHttpURI().getPath().isEmpty()) {
      response.setStatus(204);
      response.getHeaders().put(HttpHeader.ALLOW, METHODS);
      callback.succeeded();
      return true;
    }
    return super.handle(request, response, callback);
  }

  static void standardHeaders(HttpFields.Mutable headers, String requestId) {
    headers.put("X-Request-Id", requestId);
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
  }

  private static void checkShape(Request request) {
    if (request.getHeaders().size() > HEADERS_MAX) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, 431, "There are too many header fields.")
          .closing();
    }
    if (request.getHttpURI().getPathQuery().length() > TARGET_MAX) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, 414, "The URL is too long.").closing();
    }
    if (!KNOWN.contains(request.getMethod())) {
      throw Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "The method is not allowed here.")
          .header("Allow", METHODS);
    }
  }

  static void refuse(Request request, Response response, Callback callback, Problem problem) {
    Object id = request.getAttribute(RequestIds.ATTRIBUTE);
    byte[] body = problem.body(path(request), String.valueOf(id));
    response.setStatus(problem.status());
    problem.headers().forEach(response.getHeaders()::put);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  private static String path(Request request) {
    String path = request.getHttpURI().getPath();
    return path == null || path.length() > LONGEST_SHOWN ? "/" : Paths.shown(path);
  }
}
