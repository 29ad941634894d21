package dev.coatcheck.server.pages.form;

import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.server.json.InvalidJsonException;
import dev.coatcheck.server.json.Json;
import dev.coatcheck.server.pages.form.Field.Kind;
import dev.coatcheck.server.pages.form.Field.Limits;
import dev.coatcheck.worker.WorkerSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A form to hand a job to a worker.
 *
 * @param alternatives fields of which one is to be filled
 * @param chosen the name of that one; empty if there are none
 * @param fields the other fields of the input
 * @param options what may be said of the job beside its input
 * @param faults what is wrong and belongs to no field
 */
public record Form(
    List<Field> alternatives,
    String chosen,
    List<Field> fields,
    List<Field> options,
    List<String> faults) {

  /** The field that names the alternative. */
  public static final String CHOSEN = "chosen";

  private static final List<Field> OPTIONS =
      List.of(
          option("/priority", Kind.INTEGER, "Higher goes first.", "-100", "100", "0"),
          option("/delay", Kind.LINE, "Start no sooner than this from now.", "", "", "20m"),
          option("/run_timeout", Kind.LINE, "Time for one attempt.", "", "", "10m"),
          option("/max_attempts", Kind.INTEGER, "The first one counts.", "1", "50", ""),
          option(
              "/unique_key",
              Kind.LINE,
              "While a job with this key is open, you get that job instead of a new one.",
              "",
              "",
              ""),
          option("/metadata", Kind.TEXT, "One key=value a line.", "", "", "user=ada"));

  private static Field option(
      String name, Kind kind, String hint, String least, String most, String placeholder) {
    return Field.of(name, kind, hint).limits(new Limits(least, most, "", placeholder));
  }

  /** An empty form for the worker. */
  public static Form of(WorkerSpec worker) {
    return inputOf(worker, OPTIONS);
  }

  /** An empty form for the worker's input alone. */
  public static Form ofInput(WorkerSpec worker) {
    return inputOf(worker, List.of());
  }

  private static Form inputOf(WorkerSpec worker, List<Field> options) {
    JsonNode schema = SchemaFields.parse(worker.inputSchema());
    List<String> names = SchemaFields.alternatives(schema);
    List<Field> alternatives = new ArrayList<>();
    List<Field> others = new ArrayList<>();
    for (Field field : SchemaFields.of(schema)) {
      (names.contains(field.name()) ? alternatives : others).add(field);
    }
    String first = alternatives.isEmpty() ? "" : alternatives.getFirst().name();
    return new Form(alternatives, first, others, options, List.of()).place(Map.of(), List.of());
  }

  /** The form with what an earlier input says. */
  public Form from(JsonNode input) {
    Map<String, String> typed = new HashMap<>();
    all().forEach(field -> Filling.read(field, input, SchemaFields.INPUT, typed));
    String present =
        alternatives.stream()
            .map(Field::name)
            .filter(typed::containsKey)
            .findFirst()
            .orElse(chosen);
    typed.put(CHOSEN, present);
    return place(typed, List.of());
  }

  /** The form with what was typed, and what is wrong with it. */
  public Form filled(Map<String, String> sent, List<Fault> wrong) {
    Map<String, String> typed = new HashMap<>(sent);
    all().forEach(field -> Filling.untick(field, typed));
    return place(typed, wrong);
  }

  private Form place(Map<String, String> typed, List<Fault> wrong) {
    Map<String, List<String>> placed = new LinkedHashMap<>();
    List<String> unplaced = new ArrayList<>();
    Set<String> names = new HashSet<>();
    all().forEach(field -> addNames(field, names));
    for (Fault fault : wrong) {
      String place = fault.pointer();
      while (!place.isEmpty() && !names.contains(place)) {
        place = place.substring(0, place.lastIndexOf('/') < 0 ? 0 : place.lastIndexOf('/'));
      }
      String rest = fault.pointer().substring(place.length()).replaceFirst("^/", "");
      String said = rest.isEmpty() ? fault.detail() : rest + " " + fault.detail();
      if (place.isEmpty()) {
        unplaced.add(said);
      } else {
        placed.computeIfAbsent(place, name -> new ArrayList<>()).add(said);
      }
    }
    return new Form(
        filled(alternatives, typed, placed),
        chosen(typed),
        filled(fields, typed, placed),
        filled(options, typed, placed),
        unplaced);
  }

  private static List<Field> filled(
      List<Field> fields, Map<String, String> typed, Map<String, List<String>> placed) {
    return fields.stream()
        .map(field -> field.filled(typed, name -> placed.getOrDefault(name, List.of())))
        .toList();
  }

  private static void addNames(Field field, Set<String> names) {
    names.add(field.name());
    field.fields().forEach(inner -> addNames(inner, names));
  }

  private String chosen(Map<String, String> typed) {
    String named = typed.getOrDefault(CHOSEN, chosen);
    return alternatives.stream().anyMatch(field -> field.name().equals(named)) ? named : chosen;
  }

  private List<Field> all() {
    List<Field> all = new ArrayList<>(alternatives);
    all.addAll(fields);
    all.addAll(options);
    return all;
  }

  /** Every field with something wrong, for a list at the top. */
  public List<Field> faulty() {
    List<Field> faulty = new ArrayList<>();
    all().forEach(field -> addFaulty(field, faulty));
    return faulty;
  }

  private static void addFaulty(Field field, List<Field> faulty) {
    if (!field.faults().isEmpty()) {
      faulty.add(field);
    }
    field.fields().forEach(inner -> addFaulty(inner, faulty));
  }

  /** Whether something is wrong with what may be said beside the input. */
  public boolean optionsTouched() {
    return options.stream().anyMatch(Field::touched);
  }

  /** The input that the typed text stands for; what is no JSON is added to the faults. */
  public String input(Map<String, String> typed, List<Fault> faults) {
    List<Field> given = new ArrayList<>();
    String one = chosen(typed);
    alternatives.stream().filter(field -> field.name().equals(one)).forEach(given::add);
    given.addAll(fields);
    if (given.size() == 1 && given.getFirst().name().equals(SchemaFields.INPUT)) {
      return Filling.json(given.getFirst(), typed, faults).orElse("null");
    }
    return Filling.object(given, typed, faults).orElse("{}");
  }

  /** {@link #input(Map, List)} with the members of an earlier input that have no field here. */
  public String input(Map<String, String> typed, JsonNode earlier, List<Fault> faults) {
    String input = input(typed, faults);
    if (!earlier.isObject() || !input.startsWith("{") || named(SchemaFields.INPUT)) {
      return input;
    }
    StringBuilder members = new StringBuilder(input);
    for (Map.Entry<String, JsonNode> member : earlier.properties()) {
      if (!named(SchemaFields.INPUT + "/" + Json.escape(member.getKey()))) {
        members.setLength(members.length() - 1);
        members.append(members.length() > 1 ? "," : "");
        members.append(Filling.quote(member.getKey())).append(':').append(member.getValue());
        members.append('}');
      }
    }
    return members.toString();
  }

  private boolean named(String name) {
    return all().stream().anyMatch(field -> field.name().equals(name));
  }

  /** A body of {@code POST /v1/jobs} that says what was typed. */
  public String submission(String worker, Map<String, String> typed, List<Fault> faults) {
    StringBuilder body = new StringBuilder("{\"worker\":").append(Filling.quote(worker));
    body.append(",\"input\":").append(input(typed, faults));
    for (Field option : options) {
      if (option.name().equals("/metadata")) {
        Filling.pairs(typed.getOrDefault(option.name(), ""), faults)
            .ifPresent(object -> body.append(",\"metadata\":").append(object));
      } else {
        Filling.json(option, typed, faults)
            .ifPresent(
                json -> body.append(",\"").append(option.label()).append("\":").append(json));
      }
    }
    return body.append('}').toString();
  }

  /** Reads JSON that a field's text is. */
  static JsonNode parse(String text) throws InvalidJsonException {
    return Json.parse(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
