package dev.coatcheck.server;

import dev.coatcheck.server.config.ServerConfig;
import dev.coatcheck.server.http.Accept;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Paths;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.http.RequestIds;
import dev.coatcheck.server.metrics.Metrics;
import dev.coatcheck.server.pages.Pages;
import dev.coatcheck.store.StoreUnavailableException;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings requests to routes, and what routes throw to the caller. */
final class Dispatch {

  private static final Logger log = LoggerFactory.getLogger(Dispatch.class);

  /** What is for programs, whatever they accept. */
  private static final List<String> API = List.of("/v1/", "/health/", "/metrics", "/assets/");

  private final ServerConfig config;
  private final Metrics metrics;
  private final Pages pages;
  private final Optional<String> publicUrl;

  Dispatch(ServerConfig config, Metrics metrics, Pages pages) {
    this.config = config;
    this.metrics = metrics;
    this.pages = pages;
    this.publicUrl = config.publicUrl();
  }

  void configure(JavalinConfig javalin, List<Route> routes) {
    RoutesConfig table = javalin.routes;
    for (Route route : routes) {
      table.addHttpHandler(
          HandlerType.findOrCreate(route.method()), route.path(), context -> run(context, route));
      if (route.method().equals("GET")) {
        table.head(route.path(), context -> run(context, route));
      }
    }
    table.exception(HttpResponseException.class, this::unrouted);
    table.exception(Exception.class, (defect, context) -> failed(context, defect));
    javalin.router.javaLangErrorHandler(Dispatch::broken);
  }

  private void run(Context context, Route route) {
    long started = System.nanoTime();
    try {
      Exchange exchange = new Exchange(context, base(Exchange.core(context)), config.bodyMax());
      if (!route.produces().isEmpty()) {
        exchange.produces(route.produces());
      }
      route.action().handle(exchange);
    } catch (Problem problem) {
      refuse(context, problem);
    } catch (StoreUnavailableException unavailable) {
      log.warn("the store does not answer: {}", unavailable.getMessage());
      refuse(
          context,
          Problem.of(ProblemCode.STORE_UNAVAILABLE, "The store does not answer. Try again.")
              .retryAfter(Duration.ofSeconds(1)));
    } catch (Exception defect) {
      failed(context, defect);
    } finally {
      metrics.answered(
          route.method(),
          route.path(),
          context.res().getStatus(),
          Duration.ofNanos(System.nanoTime() - started));
    }
  }

  private void failed(Context context, Exception defect) {
    if (defect instanceof IOException && context.res().isCommitted()) {
      log.debug("the client has gone", defect);
      return;
    }
    log.error(
        "request {} failed", Exchange.core(context).getAttribute(RequestIds.ATTRIBUTE), defect);
    refuse(context, Problem.of(ProblemCode.INTERNAL, "The server failed."));
  }

  /** No route: unknown path, or a method that the path does not have. */
  private void unrouted(HttpResponseException found, Context context) {
    if (found.getStatus() == 405) {
      TreeSet<String> allowed = new TreeSet<>(List.of("OPTIONS"));
      found
          .getDetails()
          .values()
          .forEach(methods -> allowed.addAll(Arrays.asList(methods.split(",\\s*"))));
      String allow = String.join(", ", allowed);
      if (context.req().getMethod().equals("OPTIONS")) {
        context.res().setStatus(204);
        context.res().setHeader("Allow", allow);
        context.res().setContentType(null);
      } else {
        refuse(
            context,
            Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "The method is not allowed here.")
                .header("Allow", allow));
      }
    } else if (found.getStatus() == 404) {
      refuse(context, Problem.notFound());
    } else {
      int status = found.getStatus();
      refuse(
          context,
          status < 500
              ? Problem.of(ProblemCode.INVALID_REQUEST, status, "The request is not valid.")
              : Problem.of(ProblemCode.INTERNAL, "The server failed."));
    }
  }

  private void refuse(Context context, Problem problem) {
    HttpServletResponse response = context.res();
    if (response.isCommitted()) {
      return;
    }
    Request core = Exchange.core(context);
    String path = core.getHttpURI().getPath();
    String id = String.valueOf(core.getAttribute(RequestIds.ATTRIBUTE));
    boolean page = forPeople(core, path);
    byte[] body = page ? pages.problem(problem, id) : problem.body(Paths.shown(path), id);
    response.resetBuffer();
    response.setStatus(problem.status());
    response.setContentType(page ? Pages.HTML : Problem.CONTENT_TYPE);
    if (page) {
      Pages.headers().forEach(response::setHeader);
    }
    problem.headers().forEach(response::setHeader);
    response.setContentLength(body.length);
    try {
      response.getOutputStream().write(body);
      if (problem.code() != ProblemCode.REQUEST_TIMEOUT) {
        response.flushBuffer();
        Exchange.discardBody(core);
      }
    } catch (IOException gone) {
      log.debug("the client has gone", gone);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a browser asked for a page, or for what could have been one. */
  private static boolean forPeople(Request request, String path) {
    List<String> accept = request.getHeaders().getValuesList(HttpHeader.ACCEPT);
    return Accept.names(String.join(",", accept), "text/html")
        && API.stream().noneMatch(path::startsWith);
  }

  private static void broken(HttpServletResponse response, Error error) {
    log.error("a request failed", error);
    response.setStatus(500);
  }

  /** Scheme and host of URLs in answers: configured, or taken from the checked Host. */
  private String base(Request request) {
    return publicUrl.orElseGet(() -> {
      String scheme = config.behindTlsProxy() ? "https://" : "http://";
      return scheme + authority(request);
    });
  }

  /** The gate has checked the Host of an open server; others could send anything. */
  private String authority(Request request) {
    String host = request.getHeaders().get(HttpHeader.HOST);
    if (config.adminKey().isEmpty() && host != null) {
      return host;
    }
    if (request.getConnectionMetaData().getLocalSocketAddress() instanceof InetSocketAddress own) {
      String address = own.getAddress().getHostAddress();
      return (address.contains(":") ? "[" + address + "]" : address) + ":" + own.getPort();
    }
    return config.host();
  }
}
