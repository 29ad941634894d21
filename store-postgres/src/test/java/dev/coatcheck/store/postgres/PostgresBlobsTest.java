package dev.coatcheck.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.testkit.BlobContract;
import dev.coatcheck.testkit.ManualClock;
import java.io.InputStream;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PostgresBlobsTest implements BlobContract {

  private final PostgresBench bench = new PostgresBench();
  private Blobs blobs;

  @BeforeEach
  void open() {
    blobs = ((PostgresStore) bench.store()).blobs();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Override
  public Blobs blobs() {
    return blobs;
  }

  @Override
  public ManualClock clock() {
    return bench.clock();
  }

  @Test
  void bytes_in_many_pieces_are_read_from_any_offset() throws Exception {
    byte[] bytes = new byte[3 * PostgresBlobs.PIECE + 17];
    new Random(5).nextBytes(bytes);
    Blobs.Blob blob;
    try (Blobs.Intake intake = blobs.begin(ANN, bytes.length)) {
      for (int at = 0; at < bytes.length; at += 100_000) {
        intake.write(bytes, at, Math.min(100_000, bytes.length - at));
      }
      blob = intake.keep();
    }

    int piece = PostgresBlobs.PIECE;
    for (int offset : new int[] {0, 1, piece - 1, piece, piece + 1, 2 * piece, bytes.length - 1}) {
      try (InputStream in = blobs.open(ANN, blob.sha256(), offset)) {
        assertThat(in.readAllBytes())
            .as("from " + offset)
            .isEqualTo(java.util.Arrays.copyOfRange(bytes, offset, bytes.length));
      }
    }
  }

  @Test
  void what_was_arriving_when_a_node_died_is_dropped_by_another_one() throws Exception {
    Blobs.Intake half = blobs.begin(ANN, 9);
    half.write(new byte[5], 0, 5);
    clock().advance(PostgresBlobs.ARRIVING.plus(Duration.ofMillis(1)));

    blobs.sweep(NONE);

    assertThat(TestDatabase.count("blob")).isZero();
    assertThat(TestDatabase.count("blob_piece")).isZero();
    half.close();
  }
}
