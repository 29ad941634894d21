package dev.coatcheck.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the docs point to is there. */
class DocsTest {

  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern PLACE = Pattern.compile("`([a-z][\\w.-]*(?:/[\\w.-]+)+)`");
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
