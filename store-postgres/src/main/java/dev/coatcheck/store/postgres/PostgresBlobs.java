package dev.coatcheck.store.postgres;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.job.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The bytes of files as rows, so that every node has them. */
final class PostgresBlobs implements Blobs {

  /** Bytes that nothing refers to stay this long: their file may be on its way to the store. */
  static final Duration YOUNG = Duration.ofHours(1);

  /** No upload takes longer than that. */
  static final Duration ARRIVING = Duration.ofHours(3);

  /** Bytes of a row. */
  static final int PIECE = 256 * 1024;

  private static final int SLICE = 500;

  private record Old(UUID id, TenantId tenant, String sha256) {}

  private record Found(UUID id, long size) {}

  private final Pool pool;
  private final Pool reads;
  private final StoreClock clock;

  PostgresBlobs(Pool changes, Pool reads, StoreClock clock) {
    this.pool = changes;
    this.reads = reads;
    this.clock = clock;
  }

  /** A piece of work with a transaction of its own. */
  <T> T change(Pool.Work<T> work) {
    try (Connection connection = pool.connection()) {
      boolean done = false;
      try {
        T result = work.run(new Session(connection));
        Commit.durably(connection);
        done = true;
        return result;
      } finally {
        if (!done) {
          connection.rollback();
        }
      }
    } catch (SQLException e) {
      throw Pool.unavailable(e);
    }
  }

  Instant now(Session session) throws SQLException {
    return clock.opening(session).now();
  }

  @Override
  public Intake begin(TenantId tenant, long max) {
    UUID id = UUID.randomUUID();
    change(session ->
        session.bind(Sql.INSERT_BLOB).uuid(id).text(tenant.value()).time(now(session)).update());
    return new ArrivingBlob(this, id, tenant, max);
  }

  @Override
  public InputStream open(TenantId tenant, String sha256, long offset) throws IOException {
    Found found =
        reads
            .read(session ->
                Optional.ofNullable(
                    session
                        .bind(Sql.FIND_BLOB)
                        .text(tenant.value())
                        .text(sha256)
                        .first(row -> new Found(Objects.requireNonNull(row.uuid()), row.number()))))
            .orElseThrow(() -> new NoSuchFileException(sha256));
    return new PieceStream(n -> piece(found, n), found.size(), offset);
  }

  private Optional<byte[]> piece(Found found, int n) {
    return reads.read(session ->
        Optional.ofNullable(
            session
                .bind(Sql.PIECE)
                .uuid(found.id())
                .number(n)
                .first(row -> Objects.requireNonNull(row.bytes()))));
  }

  @Override
  public int sweep(References references) {
    Instant now = change(this::now);
    drop(now.minus(ARRIVING));
    Instant old = now.minus(YOUNG);
    int deleted = 0;
    List<Old> slice = slice(old, "", "");
    while (!slice.isEmpty()) {
      deleted += sweep(slice, references, old);
      Old last = slice.getLast();
      slice = slice(old, last.tenant().value(), last.sha256());
    }
    return deleted;
  }

  private List<Old> slice(Instant old, String tenant, String sha256) {
    return change(session ->
        session
            .bind(Sql.OLD_BLOBS)
            .time(old)
            .text(tenant)
            .text(sha256)
            .number(SLICE)
            .list(row ->
                new Old(Objects.requireNonNull(row.uuid()), new TenantId(row.text()), row.text())));
  }

  private int sweep(List<Old> slice, References references, Instant old) {
    Map<TenantId, Set<String>> digests = new HashMap<>();
    for (Old blob : slice) {
      digests.computeIfAbsent(blob.tenant(), t -> new HashSet<>()).add(blob.sha256());
    }
    Map<TenantId, Set<String>> referred = new HashMap<>();
    digests.forEach((tenant, all) -> referred.put(tenant, references.among(tenant, all)));
    List<UUID> orphans = new ArrayList<>();
    for (Old blob : slice) {
      if (!Objects.requireNonNull(referred.get(blob.tenant())).contains(blob.sha256())) {
        orphans.add(blob.id());
      }
    }
    int deleted = 0;
    for (UUID orphan : orphans) {
      deleted += delete(orphan, old);
    }
    return deleted;
  }

  /** Deletes bytes that are still old: the same ones may have come again meanwhile. */
  private int delete(UUID id, Instant old) {
    return change(session -> {
      int met = session.bind(Sql.DELETE_BLOB).uuid(id).time(old).update();
      if (met > 0) {
        session.bind(Sql.DELETE_PIECES).uuid(id).update();
      }
      return met;
    });
  }

  private void drop(Instant before) {
    List<UUID> stranded =
        change(session ->
            session
                .bind(Sql.STRANDED_BLOBS)
                .time(before)
                .number(SLICE)
                .list(row -> Objects.requireNonNull(row.uuid())));
    stranded.forEach(id -> delete(id, before));
  }
}
