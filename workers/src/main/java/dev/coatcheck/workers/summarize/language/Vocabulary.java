package dev.coatcheck.workers.summarize.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Words with a part to play in sentences, in lower case, one file per language beside this class.
 *
 * @param abbreviations end in a full stop that does not end a sentence
 * @param numbered the same, but only before a number
 * @param dangling phrases at the start of a sentence that lean on the sentence before
 * @param pointing words that refer to something said before wherever they stand
 * @param markers the part of those that can be left out together with the comma behind
 * @param conjunctions the part of those that can be left out by themselves
 * @param weak words too general to be a keyword
 * @param boilerplate phrases of navigation and legal notices
 */
public record Vocabulary(
    Set<String> abbreviations,
    Set<String> numbered,
    Set<String> dangling,
    Set<String> pointing,
    Set<String> markers,
    Set<String> conjunctions,
    Set<String> weak,
    Set<String> boilerplate) {

  private static final Map<Language, Vocabulary> LOADED = loadAll();
  private static final Vocabulary NONE = of(Map.of());

  /** The words of {@code language}; empty sets where none were collected. */
  public static Vocabulary of(Language language) {
    return LOADED.getOrDefault(language, NONE);
  }

  private static Map<Language, Vocabulary> loadAll() {
    Map<Language, Vocabulary> loaded = new EnumMap<>(Language.class);
    for (Language language : Language.values()) {
      @Nullable String file = read(language.code() + ".txt");
      if (file != null) {
        loaded.put(language, of(sections(file)));
      }
    }
    return loaded;
  }

  private static @Nullable String read(String file) {
    try (@Nullable InputStream stream = Vocabulary.class.getResourceAsStream(file)) {
      return stream == null ? null : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A section starts with its name in brackets; each line after it holds phrases separated by
   * commas.
   */
  private static Map<String, Set<String>> sections(String file) {
    Map<String, Set<String>> sections = new LinkedHashMap<>();
    Set<String> current = Set.of();
    for (String line : file.lines().toList()) {
      if (line.startsWith("[")) {
        current = sections.computeIfAbsent(line.strip(), name -> new LinkedHashSet<>());
        continue;
      }
      for (String phrase : line.split(",", -1)) {
        if (!phrase.isBlank()) {
          current.add(phrase.strip());
        }
      }
    }
    return sections;
  }

  private static Vocabulary of(Map<String, Set<String>> sections) {
    return new Vocabulary(
        Set.copyOf(sections.getOrDefault("[abbreviations]", Set.of())),
        Set.copyOf(sections.getOrDefault("[numbered]", Set.of())),
        Set.copyOf(sections.getOrDefault("[dangling]", Set.of())),
        Set.copyOf(sections.getOrDefault("[pointing]", Set.of())),
        Set.copyOf(sections.getOrDefault("[markers]", Set.of())),
        Set.copyOf(sections.getOrDefault("[conjunctions]", Set.of())),
        Set.copyOf(sections.getOrDefault("[weak]", Set.of())),
        Set.copyOf(sections.getOrDefault("[boilerplate]", Set.of())));
  }
}
