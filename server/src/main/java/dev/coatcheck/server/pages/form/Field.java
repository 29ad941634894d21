package dev.coatcheck.server.pages.form;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A field of a form.
 *
 * @param name the JSON pointer of what it stands for in a submission, like {@code /input/text}
 * @param label the last part of the name
 * @param hint what the schema says about it
 * @param required whether it must be filled
 * @param limits bounds and placeholder
 * @param choices the values to choose from, as JSON
 * @param fields what a group holds
 * @param value what was typed
 * @param faults what is wrong with it
 */
public record Field(
    String name,
    Kind kind,
    String label,
    String hint,
    boolean required,
    Limits limits,
    List<String> choices,
    List<Field> fields,
    String value,
    List<String> faults) {

  /** How a field is filled. */
  public enum Kind {
    LINE,
    TEXT,
    CHOICE,
    FLAG,
    INTEGER,
    NUMBER,
    JSON,
    FILE,
    GROUP
  }

  /**
   * Bounds of a value, each empty where there is none.
   *
   * @param placeholder the default or an example
   */
  public record Limits(String least, String most, String longest, String placeholder) {

    public static final Limits NONE = new Limits("", "", "", "");
  }

  static Field of(String name, Kind kind, String hint) {
    String label = name.substring(name.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
    return new Field(
        name, kind, label, hint, false, Limits.NONE, List.of(), List.of(), "", List.of());
  }

  Field required(boolean now) {
    return new Field(name, kind, label, hint, now, limits, choices, fields, value, faults);
  }

  Field limits(Limits now) {
    return new Field(name, kind, label, hint, required, now, choices, fields, value, faults);
  }

  Field choices(List<String> now) {
    return new Field(name, kind, label, hint, required, limits, now, fields, value, faults);
  }

  Field fields(List<Field> now) {
    return new Field(name, kind, label, hint, required, limits, choices, now, value, faults);
  }

  /** The field and those in it, filled with what was typed, and told what is wrong. */
  Field filled(Map<String, String> typed, Function<String, List<String>> faultsOf) {
    return new Field(
        name,
        kind,
        label,
        hint,
        required,
        limits,
        choices,
        fields.stream().map(field -> field.filled(typed, faultsOf)).toList(),
        typed.getOrDefault(name, untouched()),
        faultsOf.apply(name));
  }

  /** The id of the element that is filled. */
  public String id() {
    return "f" + name.replaceAll("[^A-Za-z0-9_-]", "-");
  }

  /** Whether it, or what it holds, was changed or has a fault: a group is then shown open. */
  public boolean touched() {
    return !value.equals(untouched())
        || !faults.isEmpty()
        || fields.stream().anyMatch(Field::touched);
  }

  /** The value of a field that nobody has touched: a tick stands where one is the default. */
  String untouched() {
    return kind == Kind.FLAG && limits.placeholder().equals("true") ? "true" : "";
  }

  /** A choice for people: strings without their quotes. */
  public static String plain(String choice) {
    return choice.length() > 1 && choice.startsWith("\"")
        ? choice.substring(1, choice.length() - 1)
        : choice;
  }
}
