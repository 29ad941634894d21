package dev.coatcheck.workers.summarize.document.html;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * Removes what is on every page of a site, or cannot be seen: by element, by role, by being hidden,
 * and by the words in {@code class} and {@code id}. What holds most of the page is spared the last,
 * for the words there describe its layout rather than its content.
 */
final class Boilerplate {

  private static final String INVISIBLE =
      "script, style, noscript, template, iframe, object, svg, canvas, audio, video, head > *,"
          + " [hidden], [aria-hidden=true], del, s, strike";
  private static final String PERIPHERY =
      "nav, aside, dialog, menu, body footer, button, select, option, input, textarea, label,"
          + " [role=navigation], [role=banner], [role=contentinfo], [role=complementary],"
          + " [role=search], [role=menu], [role=menubar], [role=toolbar], [role=dialog],"
          + " [role=alertdialog], [role=alert], [role=tablist]";
  private static final Pattern HIDDEN_STYLE =
      Pattern.compile("(?i)(?:display\\s*:\\s*none|visibility\\s*:\\s*hidden)");

  private static final Set<String> WORDS =
      Set.of(
          "nav",
          "navbar",
          "navigation",
          "menu",
          "breadcrumb",
          "breadcrumbs",
          "cookie",
          "cookies",
          "consent",
          "gdpr",
          "sidebar",
          "footer",
          "masthead",
          "share",
          "sharing",
          "sharebar",
          "social",
          "comment",
          "comments",
          "disqus",
          "related",
          "recommended",
          "recommendations",
          "newsletter",
          "subscribe",
          "subscription",
          "signup",
          "promo",
          "promotion",
          "sponsor",
          "sponsored",
          "advert",
          "advertisement",
          "ad",
          "ads",
          "popup",
          "modal",
          "overlay",
          "pagination",
          "pager",
          "toolbar",
          "skip",
          "skiplink",
          "toc",
          "byline",
          "teaser",
          "trending",
          "popular",
          "tags",
          "taglist",
          "printonly",
          "paywall",
          "login",
          "respond",
          "editsection",
          "permalink",
          "headerlink",
          "sr",
          "visuallyhidden");

  /** In {@code with-sidebar} or {@code hero--no-ads}, the word does not name the element itself. */
  private static final Set<String> RELATIONS = Set.of("has", "with", "without", "no", "is", "js");

  private static final Pattern TOKEN_BORDER = Pattern.compile("[\\s_-]+|(?<=[a-z])(?=[A-Z])");

  private static final double MOST = 0.5;

  private final TextLength lengths;
  private final int pageLength;
  private final Set<Element> aroundContent = new HashSet<>();

  private Boilerplate(Document page) {
    this.lengths = TextLength.in(page.body());
    this.pageLength = lengths.of(page.body());
    for (Element content : page.select("main, article:not([class*=comment])")) {
      @Nullable Element around = content.nameIs("main") ? content : content.parent();
      while (around != null && aroundContent.add(around)) {
        around = around.parent();
      }
    }
  }

  static void removeFrom(Document page) {
    remove(page.select(INVISIBLE));
    Boilerplate boilerplate = new Boilerplate(page);
    remove(page.select(PERIPHERY));
    List<Element> doomed = new ArrayList<>();
    for (Element element : page.body().select("[style], [class], [id], header")) {
      if (boilerplate.isBoilerplate(element)) {
        doomed.add(element);
      }
    }
    remove(doomed);
  }

  /** The last one first: each removal counts the siblings behind it again. */
  private static void remove(List<Element> doomed) {
    for (Element element : doomed.reversed()) {
      if (element.parent() != null && !element.nameIs("body")) {
        element.remove();
      }
    }
  }

  private boolean isBoilerplate(Element element) {
    if (element.nameIs("body") || element.nameIs("html")) {
      return false;
    }
    if (HIDDEN_STYLE.matcher(element.attr("style")).find()) {
      return true;
    }
    if (element.nameIs("header")) {
      return element.closest("article, main") == null && element.selectFirst("h1") == null;
    }
    return (isNamedSo(element.className()) || isNamedSo(element.id())) && !isMostOfThePage(element);
  }

  private static boolean isNamedSo(String names) {
    for (String name : names.split("\\s+", -1)) {
      String[] words = TOKEN_BORDER.split(name, -1);
      boolean relation = RELATIONS.contains(words[0].toLowerCase(Locale.ROOT));
      for (String word : words) {
        if (!relation && WORDS.contains(word.toLowerCase(Locale.ROOT))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isMostOfThePage(Element element) {
    return aroundContent.contains(element) || lengths.of(element) > MOST * pageLength;
  }
}
