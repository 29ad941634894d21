package dev.coatcheck.server.pages;

import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.system.SystemRoutes;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Makes HTML of templates and sends it. Everything that templates insert is escaped. */
public final class Pages {

  public static final String HTML = "text/html; charset=utf-8";

  /** Nothing from elsewhere, nothing inline. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none';"
          + " frame-ancestors 'none'";

  private final TemplateEngine engine = TemplateEngine.createPrecompiled(ContentType.Html);
  private final SystemRoutes.Facts facts;
  private final Assets assets;

  public Pages(SystemRoutes.Facts facts, Assets assets) {
    this.facts = facts;
    this.assets = assets;
  }

  /** Sends a page: a template with {@code shell} and {@code view} as its parameters. */
  void send(Exchange exchange, int status, Shell shell, String template, Object view)
      throws Exception {
    String html = render(template, Map.of("shell", shell, "view", view));
    headers(exchange);
    exchange.send(status, HTML, html.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a part of a page: a template with {@code view} as its parameter. */
  void sendPart(Exchange exchange, String template, Object view) throws Exception {
    headers(exchange);
    exchange.send(200, HTML, part(template, view).getBytes(StandardCharsets.UTF_8));
  }

  String part(String template, Object view) {
    return render(template, Map.of("view", view));
  }

  private String render(String template, Map<String, Object> parameters) {
    StringOutput output = new StringOutput(16_384);
    engine.render(template + ".jte", new HashMap<>(parameters), output);
    return output.toString();
  }

  Shell shell(String title, String section) {
    return new Shell(title, section, facts.version(), facts.mode(), facts.store(), assets.prefix());
  }

  /** A page about a problem, for a browser that asked for a page. */
  public byte[] problem(Problem problem, String requestId) {
    ProblemView view =
        new ProblemView(problem.status(), problem.code().title(), problem.detail(), requestId);
    Shell shell = shell(view.title(), "");
    return render("problem", Map.of("shell", shell, "view", view)).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * What a page about a problem shows.
   *
   * @param title the problem in general
   * @param detail the problem here
   */
  public record ProblemView(int status, String title, String detail, String requestId) {}

  private static void headers(Exchange exchange) {
    headers().forEach(exchange::answerHeader);
  }

  /**
   * The headers that every page has. The policy for referrers is not {@code no-referrer}: with
   * that, browsers send forms with {@code Origin: null}, which is what other web sites can send
   * too.
   */
  public static Map<String, String> headers() {
    return Map.of("Content-Security-Policy", POLICY, "Referrer-Policy", "same-origin");
  }
}
