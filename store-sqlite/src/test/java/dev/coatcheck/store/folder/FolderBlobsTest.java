package dev.coatcheck.store.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.store.StoreRefusedException;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.testkit.BlobContract;
import dev.coatcheck.testkit.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderBlobsTest implements BlobContract {

  private static final String HELLO =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  private final ManualClock clock = ManualClock.atNoon();

  @TempDir private Path directory;
  private FolderBlobs blobs;

  @BeforeEach
  void open() {
    blobs = FolderBlobs.open(directory.resolve("files"), clock);
  }

  @Override
  public Blobs blobs() {
    return blobs;
  }

  @Override
  public ManualClock clock() {
    return clock;
  }

  @Test
  void equal_bytes_lie_once_and_only_their_owner_can_read_them() throws Exception {
    put();
    put();

    List<Path> files;
    try (Stream<Path> all = Files.walk(directory.resolve("files"))) {
      files = all.toList();
    }
    assertThat(files.stream().filter(Files::isRegularFile))
        .containsExactly(directory.resolve("files/ann/2c/" + HELLO));
    for (Path each : files) {
      String expected = Files.isDirectory(each) ? "rwx------" : "rw-------";
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
          .as(each.toString())
          .isEqualTo(expected);
    }
  }

  @Test
  void nothing_is_deleted_while_anybody_holds_it() throws Exception {
    put();
    clock.advance(FolderBlobs.YOUNG.plusSeconds(1));
    FolderBlobs.Hold first = blobs.hold();
    FolderBlobs.Hold second = blobs.hold();
    first.close();
    first.close();

    assertThat(blobs.sweep((tenant, digests) -> Set.of())).isZero();
    second.close();

    assertThat(blobs.sweep((tenant, digests) -> Set.of())).isEqualTo(1);
  }

  @Test
  void what_was_arriving_when_the_process_died_is_dropped_at_the_next_start() throws Exception {
    Blobs.Intake half = blobs.begin(ANN, 9);
    half.write(new byte[5], 0, 5);
    Path arriving = directory.resolve("files/.arriving");
    assertThat(arriving).isNotEmptyDirectory();

    FolderBlobs.open(directory.resolve("files"), clock);

    assertThat(arriving).isEmptyDirectory();
    half.close();
  }

  @Test
  void a_link_in_the_place_of_bytes_is_not_followed() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "secret");
    Files.createDirectories(directory.resolve("files/ann/2c"));
    Files.createSymbolicLink(directory.resolve("files/ann/2c/" + HELLO), secret);

    assertThatThrownBy(() -> blobs.open(ANN, HELLO, 0).close())
        .isInstanceOf(java.io.IOException.class);
    put();
    assertThat(secret).hasContent("secret");
    try (java.io.InputStream in = blobs.open(ANN, HELLO, 0)) {
      assertThat(in.readAllBytes()).hasSize(5);
    }
  }

  @Test
  void what_the_store_of_jobs_needs_of_the_disk_is_left_free() {
    FolderBlobs full = FolderBlobs.open(directory.resolve("full"), clock, Long.MAX_VALUE);

    assertThatThrownBy(() -> full.begin(ANN, 9)).isInstanceOf(StoreUnavailableException.class);
    assertThat(directory.resolve("full/.arriving")).isEmptyDirectory();
  }

  @Test
  void a_file_in_the_place_of_the_folder_is_refused() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");

    assertThatThrownBy(() -> FolderBlobs.open(file, clock))
        .isInstanceOf(StoreRefusedException.class);
  }

  private void put() throws Exception {
    try (Blobs.Intake intake = blobs.begin(ANN, 9)) {
      intake.write("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, 5);
      intake.keep();
    }
  }
}
