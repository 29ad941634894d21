package dev.coatcheck.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.blob.Blobs.Blob;
import dev.coatcheck.blob.Blobs.Intake;
import dev.coatcheck.job.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a place for the bytes of files promises. */
public interface BlobContract {

  TenantId ANN = new TenantId("ann");
  TenantId BOB = new TenantId("bob");
  Blobs.References NONE = (tenant, sha256s) -> Set.of();

  /** The same place throughout one test, on {@link #clock}. */
  Blobs blobs();

  ManualClock clock();

  @Test
  default void bytes_come_back_under_their_digest() throws Exception {
    Blob blob = put(ANN, "hello");

    assertThat(blob.sha256())
        .isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    assertThat(blob.size()).isEqualTo(5);
    assertThat(read(ANN, blob, 0)).isEqualTo("hello");
    assertThat(read(ANN, blob, 3)).isEqualTo("lo");
    assertThat(read(ANN, blob, 5)).isEmpty();
  }

  @Test
  default void an_empty_file_is_a_file() throws Exception {
    assertThat(read(ANN, put(ANN, ""), 0)).isEmpty();
  }

  @Test
  default void a_tenant_has_its_own_bytes_only() throws Exception {
    Blob blob = put(ANN, "hello");

    assertThatThrownBy(() -> blobs().open(BOB, blob.sha256(), 0).close())
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> blobs().open(ANN, "../../etc/passwd", 0).close())
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  default void more_than_allowed_is_refused_and_leaves_nothing() throws Exception {
    try (Intake intake = blobs().begin(ANN, 4)) {
      intake.write("hell".getBytes(StandardCharsets.UTF_8), 0, 4);
      assertThatThrownBy(() -> intake.write(new byte[] {'o'}, 0, 1))
          .isInstanceOf(Blobs.TooLargeException.class);
    }
    clock().advance(Duration.ofDays(1));
    assertThat(blobs().sweep(NONE)).isZero();
  }

  @Test
  default void what_is_not_kept_leaves_nothing() throws Exception {
    try (Intake intake = blobs().begin(ANN, 9)) {
      intake.write("hello".getBytes(StandardCharsets.UTF_8), 0, 5);
    }
    clock().advance(Duration.ofDays(1));
    assertThat(blobs().sweep(NONE)).isZero();
  }

  @Test
  default void a_sweep_takes_old_bytes_that_nothing_refers_to() throws Exception {
    Blob used = put(ANN, "used");
    Blob orphan = put(ANN, "orphan");
    Blob same = put(BOB, "used");
    clock().advance(Duration.ofHours(2));
    Blob young = put(ANN, "young");

    int deleted =
        blobs()
            .sweep((tenant, sha256s) ->
                tenant.equals(ANN) && sha256s.contains(used.sha256())
                    ? Set.of(used.sha256())
                    : Set.of());

    assertThat(deleted).isEqualTo(2);
    assertThat(read(ANN, used, 0)).isEqualTo("used");
    assertThat(read(ANN, young, 0)).isEqualTo("young");
    assertThatThrownBy(() -> read(ANN, orphan, 0)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> read(BOB, same, 0)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  default void bytes_that_came_again_are_young_again() throws Exception {
    Blob blob = put(ANN, "hello");
    clock().advance(Duration.ofHours(2));
    put(ANN, "hello");

    assertThat(blobs().sweep(NONE)).isZero();
    assertThat(read(ANN, blob, 0)).isEqualTo("hello");
  }

  private Blob put(TenantId tenant, String text) throws Blobs.TooLargeException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Intake intake = blobs().begin(tenant, 100)) {
      for (byte each : bytes) {
        intake.write(new byte[] {0, each, 0}, 1, 1);
      }
      return intake.keep();
    }
  }

  private String read(TenantId tenant, Blob blob, long offset) throws IOException {
    try (InputStream in = blobs().open(tenant, blob.sha256(), offset)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
