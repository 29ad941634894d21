package dev.coatcheck.cli;

/** What is logged. Takes effect only before the first logger is made. */
enum Logging {
  SERVER("serve"),
  SILENT("silent");

  private static final String PROPERTY = "logback.configurationFile";
  private static final String FOLDER = "dev/coatcheck/cli/logging-";

  private final String name;

  Logging(String name) {
    this.name = name;
  }

  /** A file that the person who starts the program has named wins. */
  void use() {
    String present = System.getProperty(PROPERTY, FOLDER);
    if (present.startsWith(FOLDER)) {
      System.setProperty(PROPERTY, FOLDER + name + ".xml");
    }
  }
}
