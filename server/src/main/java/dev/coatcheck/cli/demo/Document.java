package dev.coatcheck.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A text that comes with the program. */
record Document(String name, String text) {

  private static final List<String> NAMES =
      List.of("how-bread-rises.md", "slow-answers.md", "the-cloakroom-ticket.txt");

  static List<Document> bundled() throws IOException {
    List<Document> documents = new ArrayList<>();
    for (String name : NAMES) {
      try (InputStream in = Document.class.getResourceAsStream("/dev/coatcheck/cli/demo/" + name)) {
        if (in == null) {
          throw new IOException("The text " + name + " is missing from this build.");
        }
        documents.add(new Document(name, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
      }
    }
    return documents;
  }

  int words() {
    return text.strip().split("\\s+", -1).length;
  }
}
