package dev.coatcheck.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A document that comes with the program. */
sealed interface Document {

  String name();

  /** How much there is of it, for people. */
  String amount();

  /** Handed in as a part of the input. */
  record Text(String name, String text) implements Document {

    @Override
    public String amount() {
      return String.format("%,d words", text.strip().split("\\s+", -1).length);
    }
  }

  /** Handed in as a file. */
  record Stored(String name, Path path, long bytes) implements Document {

    @Override
    public String amount() {
      return String.format("%,d bytes", bytes);
    }
  }

  /**
   * All of them.
   *
   * @param folder where those that are files are put
   */
  static List<Document> bundled(Path folder) throws IOException {
    List<Document> documents = new ArrayList<>();
    for (String name :
        List.of("how-bread-rises.md", "slow-answers.md", "the-cloakroom-ticket.txt")) {
      documents.add(new Text(name, new String(resource(name), StandardCharsets.UTF_8)));
    }
    for (String name : List.of("lighthouse-light.html", "field-guide-to-tides.pdf")) {
      byte[] bytes = resource(name);
      documents.add(new Stored(name, Files.write(folder.resolve(name), bytes), bytes.length));
    }
    return documents;
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Document.class.getResourceAsStream("/dev/coatcheck/cli/demo/" + name)) {
      if (in == null) {
        throw new IOException("The document " + name + " is missing from this build.");
      }
      return in.readAllBytes();
    }
  }
}
