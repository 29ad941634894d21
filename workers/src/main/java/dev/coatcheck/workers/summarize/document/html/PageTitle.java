package dev.coatcheck.workers.summarize.document.html;

import dev.coatcheck.workers.summarize.document.DocumentWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.select.Elements;
import org.jspecify.annotations.Nullable;

/**
 * The title of a page: what it gives to social networks, else its only first-level heading, else
 * its {@code title} without the name of the site.
 */
final class PageTitle {

  private static final int LENGTH_MAX = 300;
  private static final Pattern SITE = Pattern.compile("\\s+[|\\-–—·•»:]+\\s+");

  /** Documentation puts a link to the heading behind it. */
  private static final Pattern PERMALINK = Pattern.compile("\\s*[¶#§]\\s*$");

  private PageTitle() {}

  static @Nullable String of(Document page) {
    @Nullable String shared = attribute(page, "meta[property=og:title]");
    @Nullable String heading = heading(page);
    String declared = DocumentWriter.clean(page.title());
    if (shared != null) {
      return heading != null && shared.startsWith(heading) ? heading : withoutSite(page, shared);
    }
    if (heading != null) {
      return heading;
    }
    return declared.isEmpty() ? null : cut(withoutSite(page, declared));
  }

  private static @Nullable String heading(Document page) {
    for (String place : new String[] {"article h1", "main h1", "h1"}) {
      Elements headings = page.select(place);
      if (headings.size() == 1) {
        String text = DocumentWriter.clean(PERMALINK.matcher(headings.text()).replaceFirst(""));
        return text.isEmpty() ? null : cut(text);
      }
    }
    return null;
  }

  /** Drops what follows, or stands before, the separator if it is the name of the site. */
  private static String withoutSite(Document page, String title) {
    @Nullable String site = attribute(page, "meta[property=og:site_name]");
    Matcher separator = SITE.matcher(title);
    int end = -1;
    while (separator.find()) {
      if (title.substring(0, separator.start()).equals(site)) {
        return title.substring(separator.end());
      }
      end = separator.start();
    }
    boolean longer = end > title.length() - end;
    return end > 0 && longer ? title.substring(0, end) : title;
  }

  private static @Nullable String attribute(Document page, String query) {
    String value = DocumentWriter.clean(page.select(query).attr("content"));
    return value.isEmpty() ? null : cut(value);
  }

  private static String cut(String title) {
    return title.length() > LENGTH_MAX ? title.substring(0, LENGTH_MAX) : title;
  }
}
