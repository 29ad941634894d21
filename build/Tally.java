import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Counts the tests in the reports that surefire wrote, for {@code ./check}.
 *
 * <p>Run as {@code java Tally.java ROOT [REASON...]}: each reason is a failure outside the tests and counts as one failed. The last
 * line is {@code N passed, N failed}, with {@code , N skipped} when tests were skipped. Exits 0 only if tests ran and none failed.
 */
final class Tally extends DefaultHandler {
  private final List<String> failed = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();
  private int passed;

  private String test = "";
  private String outcome = "passed";
  private String message = "";

  public static void main(String[] args) throws Exception {
    Tally tally = new Tally();
    for (Path report : reports(Path.of(args[0]))) {
      SAXParserFactory.newDefaultInstance().newSAXParser().parse(report.toFile(), tally);
    }
    for (int i = 1; i < args.length; i++) {
      tally.failed.add(args[i]);
    }
    System.exit(tally.print() ? 0 : 1);
  }

  private static List<Path> reports(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root, 4)) {
      return files
          .filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
          .filter(file -> file.getParent().endsWith("target/surefire-reports"))
          .sorted()
          .toList();
    }
  }

  @Override
  public void startElement(String uri, String localName, String name, Attributes attributes) {
    switch (name) {
      case "testcase" -> {
        test = attributes.getValue("classname") + " › " + attributes.getValue("name");
        outcome = "passed";
        message = "";
      }
      case "failure", "error", "skipped" -> {
        outcome = name;
        message = attributes.getValue("message") == null ? "" : ": " + shortened(attributes.getValue("message"));
      }
      default -> {}
    }
  }

  @Override
  public void endElement(String uri, String localName, String name) {
    if (!name.equals("testcase")) {
      return;
    }
    switch (outcome) {
      case "passed" -> passed++;
      case "skipped" -> skipped.add(test + message);
      default -> failed.add(test + message);
    }
  }

  private static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() > 200 ? line.substring(0, 200) + "…" : line;
  }

  private boolean print() {
    skipped.forEach(each -> System.out.println("skipped: " + each));
    if (passed + failed.size() == 0) {
      failed.add("no test has run");
    }
    failed.forEach(each -> System.out.println("failed: " + each));
    String line = passed + " passed, " + failed.size() + " failed";
    System.out.println(skipped.isEmpty() ? line : line + ", " + skipped.size() + " skipped");
    return failed.isEmpty();
  }
}
