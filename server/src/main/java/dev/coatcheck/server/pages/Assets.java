package dev.coatcheck.server.pages;

import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Scripts, styles and the icon. Their path has a hash of all of them, so that a browser may keep
 * them for good.
 */
public final class Assets {

  private static final String OWN = "/dev/coatcheck/server/pages/";
  private static final Map<String, String> TYPES =
      Map.of(
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  private final Map<String, byte[]> files = new TreeMap<>();
  private final String build;

  public Assets() {
    for (String name :
        List.of("app.css", "app.js", "job.js", "upload.js", "chart.js", "icon.svg")) {
      files.put(name, read(OWN + name));
    }
    files.put("htmx.js", read(library("htmx.org", "dist/htmx.min.js")));
    files.put("htmx-sse.js", read(library("htmx-ext-sse", "sse.js")));
    files.put("uplot.js", read(library("uplot", "dist/uPlot.iife.min.js")));
    files.put("uplot.css", read(library("uplot", "dist/uPlot.min.css")));
    build = hash();
  }

  /** The path that the files are under. */
  String prefix() {
    return "/assets/" + build;
  }

  /** {@code GET /assets/{build}/{file}}. */
  public void file(Exchange exchange) throws Exception {
    String name = exchange.parameter("file");
    byte[] file = files.get(name);
    if (file == null || !exchange.parameter("build").equals(build)) {
      throw Problem.notFound();
    }
    exchange.answerHeader("Cache-Control", "public, max-age=31536000, immutable");
    exchange.answerHeader("Content-Security-Policy", "default-src 'none'; style-src 'self'");
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    exchange.send(200, String.valueOf(type), file);
  }

  /** Where a library's jar has a file; the path names the version that the build chose. */
  private static String library(String name, String file) {
    Properties known = new Properties();
    try (InputStream in = open("/META-INF/maven/org.webjars.npm/" + name + "/pom.properties")) {
      known.load(in);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    String version = known.getProperty("version");
    return "/META-INF/resources/webjars/" + name + "/" + version + "/" + file;
  }

  private static byte[] read(String resource) {
    try (InputStream in = open(resource)) {
      return in.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static InputStream open(String resource) {
    InputStream in = Assets.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException("the build left out " + resource);
    }
    return in;
  }

  private String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.values().forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
