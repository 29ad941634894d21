package dev.coatcheck.server.http;

import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, as routes see them. Nothing behind this class knows the web
 * framework.
 */
public final class Exchange {

  public static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";

  /** The attribute of a request that holds the server's own view of it. */
  public static final String CORE = "coatcheck.core-request";

  private final Context context;
  private final Request core;
  private final String base;
  private final long bodyMax;
  private @Nullable Query query;

  /** A route's work. */
  @FunctionalInterface
  public interface Action {
    void handle(Exchange exchange) throws Exception;
  }

  public Exchange(Context context, String base, long bodyMax) {
    this.context = context;
    this.base = base;
    this.bodyMax = bodyMax;
    this.core = core(context);
  }

  /** The server's own view of the request. */
  public static Request core(Context context) {
    if (context.req().getAttribute(CORE) instanceof Request request) {
      return request;
    }
    throw new IllegalStateException("the request did not come through the gate");
  }

  public Request core() {
    return core;
  }

  public boolean head() {
    return core.getMethod().equals("HEAD");
  }

  /** The request's path, as it was sent. */
  public String path() {
    return core.getHttpURI().getPath();
  }

  /** What this request is called in answers and in the log. */
  public String requestId() {
    return String.valueOf(core.getAttribute(RequestIds.ATTRIBUTE));
  }

  public String parameter(String name) {
    return context.pathParam(name);
  }

  /** The parameters, none of them twice. */
  public Query query() {
    Query present = query;
    if (present == null) {
      present = Query.parse(core.getHttpURI().getQuery());
      query = present;
    }
    return present;
  }

  public @Nullable String header(String name) {
    return core.getHeaders().get(name);
  }

  public List<String> headers(String name) {
    return Collections.list(core.getHeaders().getValues(name));
  }

  /** Every occurrence of a header, unsplit. */
  public List<String> rawHeaders(String name) {
    List<String> values = new ArrayList<>(2);
    for (HttpField field : core.getHeaders()) {
      if (field.is(name)) {
        values.add(Objects.requireNonNullElse(field.getValue(), ""));
      }
    }
    return values;
  }

  /** Absolute URL of a path on this server. */
  public String url(String path) {
    return base + path;
  }

  /** The body of a request that must have one of JSON. */
  public byte[] jsonBody() throws InterruptedException {
    return jsonBody(bodyMax);
  }

  /** The body of a request that must have one of JSON, of at most so many bytes. */
  public byte[] jsonBody(long limit) throws InterruptedException {
    require(JSON);
    return BodyReader.read(core, limit);
  }

  /** Whether the body says that it is of this type. */
  public boolean of(String type) {
    String given = header("Content-Type");
    return given != null
        && given.toLowerCase(Locale.ROOT).matches(Pattern.quote(type) + PARAMETERS);
  }

  /** How many bytes the body says that it has; -1 if it does not. */
  public long length() {
    return core.getLength();
  }

  /** The body of any type, whole; empty if there is none. */
  public byte[] anyBody(long limit) throws InterruptedException {
    checkEncoding();
    return BodyReader.read(core, limit);
  }

  /** The body of a request that may have one of JSON; empty without. */
  public byte[] optionalJsonBody() throws InterruptedException {
    if (core.getLength() == 0
        || (core.getLength() < 0 && core.getHeaders().get("Transfer-Encoding") == null)) {
      return new byte[0];
    }
    return jsonBody();
  }

  /** Gives a body of any type on as it comes. */
  public void stream(long limit, BodySink sink) throws InterruptedException {
    checkEncoding();
    BodyReader.stream(core, limit, sink);
  }

  /** The fields of a form, as a page sends them; none of them twice. */
  public Query formBody() throws InterruptedException {
    require(FORM);
    byte[] body = BodyReader.read(core, bodyMax * FORM_GROWTH);
    return Query.parse(new String(body, StandardCharsets.UTF_8));
  }

  private void checkEncoding() {
    String encoding = header("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw unsupported("A compressed body is not accepted.");
    }
  }

  private void require(String expected) {
    checkEncoding();
    String type = header("Content-Type");
    // Nearly all say just this.
    if (expected.equals(type)) {
      return;
    }
    if (type == null
        || !type.toLowerCase(Locale.ROOT).matches(Pattern.quote(expected) + PARAMETERS)) {
      throw unsupported("Content-Type must be " + expected + ".");
    }
  }

  private static final String PARAMETERS = "\\s*(;\\s*charset\\s*=\\s*\"?utf-8\"?\\s*)?;?\\s*";

  /** How much longer text becomes in a form. */
  private static final int FORM_GROWTH = 3;

  private static Problem unsupported(String detail) {
    return Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, detail);
  }

  /** Refuses a request that does not accept this type. */
  public void produces(String type) {
    if (!Accept.allows(accept(), type)) {
      throw Problem.of(ProblemCode.NOT_ACCEPTABLE, "The answer is " + type + ".");
    }
  }

  /** The Accept header, all occurrences joined; null if absent. */
  public @Nullable String accept() {
    List<String> all = rawHeaders("Accept");
    return all.isEmpty() ? null : String.join(",", all);
  }

  public Exchange answerHeader(String name, String value) {
    context.res().setHeader(name, value);
    return this;
  }

  public void json(int status, byte[] body) throws IOException {
    send(status, JSON, body);
  }

  /** Sends what was answered on its way. */
  public void flush() throws IOException {
    context.res().flushBuffer();
  }

  public void send(int status, String type, byte[] body) throws IOException {
    HttpServletResponse response = context.res();
    response.setStatus(status);
    response.setContentType(type);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  /** Takes what a client still sends of a body that was refused, so that it sees the answer. */
  public static void discardBody(Request request) throws InterruptedException {
    boolean body = request.getLength() > 0 || request.getHeaders().contains("Transfer-Encoding");
    if (body && !request.getHeaders().contains("Expect")) {
      BodyReader.discard(request);
    }
  }

  /** Sends the browser to another path after a form has done its work. */
  public void seeOther(String path) {
    context.res().setStatus(303);
    context.res().setHeader("Location", path);
    context.res().setContentType(null);
  }

  public void empty(int status) {
    context.res().setStatus(status);
    context.res().setContentType(null);
  }

  public HttpServletResponse response() {
    return context.res();
  }
}
