package dev.coatcheck.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What all witnesses wrote, in the order in which it ended. */
record History(List<Line> lines) {

  private static final JsonMapper JSON = new JsonMapper();

  /** A line of a witness; see {@link Witness}. */
  record Line(String witness, long t0, long t, String ending, String what, JsonNode data) {

    boolean ok() {
      return ending.equals("ok");
    }

    boolean unknown() {
      return ending.equals("info");
    }

    boolean is(String by, String of) {
      return witness.equals(by) && what.equals(of);
    }

    String text(String member) {
      return data.path(member).asString("");
    }

    long number(String member) {
      return data.path(member).asLong(0);
    }

    /** As it was written; of a dump only what matters. */
    @Override
    public String toString() {
      if (!what.equals("dump")) {
        return data.toString();
      }
      StringBuilder out = new StringBuilder("{\"p\":\"store\",\"f\":\"dump\",\"job\":\"");
      out.append(text("job")).append("\",\"status\":").append(data.path("state").path("status"));
      out.append(",\"output\":").append(data.path("state").path("output"));
      out.append(",\"attempts\":\"");
      for (JsonNode attempt : data.path("attempts")) {
        out.append(attempt.path("number")).append(' ');
        out.append(attempt.path("status").asString("")).append(", ");
      }
      out.append("\",\"events\":\"");
      for (JsonNode event : data.path("events")) {
        out.append(event.path("id"))
            .append(' ')
            .append(event.path("type").asString(""))
            .append(' ');
        out.append(event.path("status").asString("")).append(", ");
      }
      return out.append("\"}").toString();
    }
  }

  /** Reads every {@code *.jsonl} of a folder. */
  static History read(Path folder) throws IOException {
    List<Line> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList()) {
        try (Stream<String> text = Files.lines(file)) {
          text.filter(line -> !line.isBlank()).map(History::line).forEach(lines::add);
        }
      }
    }
    return of(lines);
  }

  static History of(List<Line> lines) {
    return new History(lines.stream().sorted(Comparator.comparingLong(Line::t)).toList());
  }

  static Line line(String text) {
    JsonNode data = JSON.readTree(text);
    return new Line(
        data.path("p").asString(),
        data.path("t0").asLong(),
        data.path("t").asLong(),
        data.path("e").asString(),
        data.path("f").asString(),
        data);
  }

  List<Line> all(String witness, String what) {
    return lines.stream().filter(line -> line.is(witness, what)).toList();
  }

  /** The lines of a witness by the value of a member, without those that lack it. */
  Map<String, List<Line>> by(String member, String witness, String... what) {
    List<String> kinds = List.of(what);
    Map<String, List<Line>> groups = new LinkedHashMap<>();
    for (Line line : lines) {
      if (line.witness().equals(witness) && kinds.contains(line.what())) {
        String key = line.text(member);
        if (!key.isEmpty()) {
          groups.computeIfAbsent(key, k -> new ArrayList<>()).add(line);
        }
      }
    }
    return groups;
  }
}
