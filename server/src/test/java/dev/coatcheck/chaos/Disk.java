package dev.coatcheck.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small disk in memory that fills up like any other. Needs the right to mount. */
final class Disk implements AutoCloseable {

  private final Path place;

  private Disk(Path place) {
    this.place = place;
  }

  static Disk mount(Path place, int mebibytes) throws IOException, InterruptedException {
    Files.createDirectories(place);
    run("mount", "-t", "tmpfs", "-o", size(mebibytes), "tmpfs", place.toString());
    return new Disk(place);
  }

  void resize(int mebibytes) throws IOException, InterruptedException {
    run("mount", "-o", "remount," + size(mebibytes), place.toString());
  }

  private static String size(int mebibytes) {
    return "size=" + mebibytes + "m";
  }

  Path folder() {
    return place;
  }

  /** Runs a command that must succeed. */
  static void run(String... words) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(List.of(words)).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", words) + ": " + said);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      run("umount", "--lazy", place.toString());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
