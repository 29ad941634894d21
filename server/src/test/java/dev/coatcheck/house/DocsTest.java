package dev.coatcheck.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the docs point to is there. */
class DocsTest {

  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern PLACE = Pattern.compile("`([a-z][\\w.-]*(?:/[\\w.-]+)+)`");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)(?:\\.(\\w+))?`");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(?:#[^)]*)?\\)");

  @Test
  void every_place_on_the_map_exists() throws IOException {
    List<String> places = new ArrayList<>();
    Matcher matcher = PLACE.matcher(Files.readString(HOME.resolve("ARCHITECTURE.md")));
    while (matcher.find()) {
      places.add(matcher.group(1));
    }
    assertThat(places).hasSizeGreaterThan(12);
    assertThat(places).allSatisfy(place -> assertThat(HOME.resolve(place)).exists());
  }

  @Test
  void every_relative_link_leads_somewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : pages()) {
      Matcher matcher = LINK.matcher(Files.readString(page));
      while (matcher.find()) {
        String target = matcher.group(1);
        links++;
        if (!target.contains("://") && !Files.exists(page.resolveSibling(target))) {
          broken.add(HOME.relativize(page) + " -> " + target);
        }
      }
    }
    assertThat(links).isGreaterThan(3);
    assertThat(broken).isEmpty();
  }

  @Test
  void every_test_that_the_table_of_crashes_names_exists() throws IOException {
    String page = Files.readString(HOME.resolve("docs/internals/crashes.md"));
    Map<String, String> sources = testSources();
    List<String> missing = new ArrayList<>();
    int named = 0;
    for (Matcher test = TEST.matcher(page); test.find(); named++) {
      String source = sources.getOrDefault(test.group(1), "");
      String method = test.group(2);
      if (source.isEmpty() || (method != null && !source.contains("void " + method + "("))) {
        missing.add(test.group());
      }
    }
    assertThat(named).isGreaterThan(20);
    assertThat(missing).isEmpty();
  }

  /** By the name of the class. */
  private static Map<String, String> testSources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module : List.of("store-postgres/src/test", "testkit/src", "server/src/test")) {
      try (Stream<Path> files = Files.walk(HOME.resolve(module))) {
        for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
          String name = file.getFileName().toString();
          sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
        }
      }
    }
    return sources;
  }

  @Test
  void no_page_has_a_gap_left_to_fill() throws IOException {
    for (Path page : pages()) {
      assertThat(Files.readString(page)).as(page.toString()).doesNotContain("@@", "TODO", "TBD");
    }
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> home = Files.list(HOME);
        Stream<Path> docs = Files.walk(HOME.resolve("docs"))) {
      return Stream.concat(home, docs).filter(file -> file.toString().endsWith(".md")).toList();
    }
  }
}
