package dev.coatcheck.cli.screen;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Columns under a header, each as wide as its widest cell; the last takes what is left. */
public final class Table {

  /** Text and how it is coloured once it is padded. */
  public record Cell(String text, UnaryOperator<String> paint) {

    public Cell(String text) {
      this(text, UnaryOperator.identity());
    }
  }

  private final List<Cell> header;
  private final List<List<Cell>> rows = new ArrayList<>();

  public Table(Ink ink, String... header) {
    this.header = List.of(header).stream().map(name -> new Cell(name, ink::dim)).toList();
  }

  public Table row(Cell... cells) {
    rows.add(List.of(cells));
    return this;
  }

  public List<String> lines(int width) {
    int[] widths = new int[header.size()];
    measure(header, widths);
    rows.forEach(row -> measure(row, widths));
    List<String> lines = new ArrayList<>();
    lines.add(line(header, widths, width));
    rows.forEach(row -> lines.add(line(row, widths, width)));
    return lines;
  }

  private static void measure(List<Cell> row, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], Widths.of(row.get(i).text()));
    }
  }

  private static String line(List<Cell> row, int[] widths, int width) {
    StringBuilder line = new StringBuilder();
    int used = 0;
    for (int i = 0; i < widths.length - 1; i++) {
      Cell cell = row.get(i);
      line.append(cell.paint().apply(Widths.pad(cell.text(), widths[i]))).append("  ");
      used += widths[i] + 2;
    }
    Cell last = row.getLast();
    String rest = Widths.cut(last.text(), Math.max(12, width - used));
    return line.append(last.paint().apply(rest)).toString().stripTrailing();
  }
}
