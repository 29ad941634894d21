package dev.coatcheck.cli.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Properties;

/** Checks of what does not depend on the configuration. */
final class Machine {

  private static final int JAVA_NEEDED = 25;
  private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");
  private static final String DRIVER = "/META-INF/maven/org.xerial/sqlite-jdbc/pom.properties";

  private Machine() {}

  static Finding java() {
    Runtime runtime = Runtime.getRuntime();
    String detail =
        Runtime.version()
            + " from "
            + System.getProperty("java.vendor", "an unknown vendor")
            + ", "
            + runtime.availableProcessors()
            + " cores, heap up to "
            + Bytes.of(runtime.maxMemory());
    return Runtime.version().feature() >= JAVA_NEEDED
        ? Finding.ok("Java", detail)
        : Finding.fail("Java", detail + "; needs " + JAVA_NEEDED + " or newer");
  }

  static Finding clock(Instant now) {
    return now.isBefore(EARLIEST)
        ? Finding.fail("clock", now + " is before this program was made; set the clock")
        : Finding.ok("clock", now.toString());
  }

  /** The driver carries the library; its version starts with that of SQLite. */
  static Finding sqlite() {
    try (InputStream in = Machine.class.getResourceAsStream(DRIVER)) {
      if (in == null) {
        return Finding.warn("SQLite", "the version of the driver cannot be found out");
      }
      Properties properties = new Properties();
      properties.load(in);
      return sqlite(properties.getProperty("version", ""));
    } catch (IOException e) {
      return Finding.warn("SQLite", "the version of the driver cannot be read");
    }
  }

  static Finding sqlite(String version) {
    String[] parts = version.split("\\.", -1);
    if (parts.length < 3 || !version.matches("\\d{1,4}(\\.\\d{1,4}){2,3}")) {
      return Finding.warn("SQLite", "unknown version: " + version);
    }
    long number =
        Long.parseLong(parts[0]) * 1_000_000
            + Long.parseLong(parts[1]) * 1000
            + Long.parseLong(parts[2]);
    String detail = parts[0] + "." + parts[1] + "." + parts[2];
    return number >= 3_051_003
        ? Finding.ok("SQLite", detail)
        : Finding.fail("SQLite", detail + " can damage its file; needs 3.51.3 or newer");
  }
}
