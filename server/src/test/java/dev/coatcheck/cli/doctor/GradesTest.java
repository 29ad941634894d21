package dev.coatcheck.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.cli.doctor.Finding.Grade;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GradesTest {

  @ParameterizedTest
  @CsvSource({
    "3.54.1.0, OK",
    "3.51.3, OK",
    "3.51.2.0, FAIL",
    "3.9.9, FAIL",
    "4.0.0, OK",
    "none, WARN",
    "3.51, WARN"
  })
  void a_sqlite_that_can_damage_its_file_is_found_out(String version, Grade grade) {
    assertThat(Machine.sqlite(version).grade()).isEqualTo(grade);
  }

  @Test
  void the_driver_of_this_build_is_good_enough() {
    assertThat(Machine.sqlite()).extracting(Finding::grade).isEqualTo(Grade.OK);
  }

  @Test
  void a_clock_from_before_the_program_was_made_is_wrong() {
    assertThat(Machine.clock(Instant.EPOCH).grade()).isEqualTo(Grade.FAIL);
    assertThat(Machine.clock(Instant.parse("2030-01-01T00:00:00Z")).grade()).isEqualTo(Grade.OK);
  }

  @ParameterizedTest
  @CsvSource({"ext4, OK", "apfs, OK", "nfs4, FAIL", "NFS, FAIL", "cifs, FAIL", "fuse.sshfs, FAIL"})
  void a_network_file_system_is_no_place_for_sqlite(String type, Grade grade) {
    assertThat(DataFolder.fileSystem(type).grade()).isEqualTo(grade);
  }

  @Test
  void a_disk_that_is_nearly_full_is_told() {
    assertThat(DataFolder.disk(10 * Bytes.MIB).grade()).isEqualTo(Grade.FAIL);
    assertThat(DataFolder.disk(500 * Bytes.MIB).grade()).isEqualTo(Grade.WARN);
    assertThat(DataFolder.disk(10 * Bytes.GIB).grade()).isEqualTo(Grade.OK);
  }

  @Test
  void a_data_folder_that_is_a_file_fails_and_one_that_is_missing_is_not_made(@TempDir Path dir)
      throws IOException {
    Path file = Files.createFile(dir.resolve("file"));
    assertThat(new DataFolder(file).check()).extracting(Finding::grade).contains(Grade.FAIL);
    Path missing = dir.resolve("a/b");
    assertThat(new DataFolder(missing).check().getFirst().grade()).isEqualTo(Grade.OK);
    assertThat(missing).doesNotExist();
  }

  @Test
  void a_port_that_somebody_else_has_fails() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> refuse(other));
      assertThat(new Port("127.0.0.1", other.getLocalPort()).check().grade()).isEqualTo(Grade.FAIL);
    }
  }

  private static void refuse(ServerSocket socket) {
    try {
      while (true) {
        socket.accept().close();
      }
    } catch (IOException e) {
      // The test is over.
    }
  }
}
