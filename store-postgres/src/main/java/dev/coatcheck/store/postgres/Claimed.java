package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.store.base.Form;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A ready job that a claim has taken. */
record Claimed(
    JobId id,
    TenantId tenant,
    int version,
    long fence,
    int attempt,
    int maxAttempts,
    Duration left,
    Instant deadlineAt,
    int priority,
    Map<String, String> metadata,
    Payload input,
    int grants,
    long chunks,
    boolean resumable,
    String lane,
    Head.Shares shares) {

  static Claimed of(Columns row) throws SQLException {
    JobId id = row.id();
    TenantId tenant = new TenantId(row.text());
    int version = row.count();
    long fence = row.number();
    int attempt = row.count();
    int maxAttempts = row.count();
    Duration runTimeout = Duration.ofMillis(row.number());
    Instant deadlineAt = row.time();
    int priority = row.count();
    Map<String, String> metadata = Form.decode(row.text());
    Payload input = row.payload();
    int grants = row.count();
    long chunks = row.number();
    Duration left = runTimeout.minusMillis(row.number());
    return new Claimed(
        id,
        tenant,
        version,
        fence,
        attempt,
        maxAttempts,
        left.isPositive() ? left : Duration.ofMillis(1),
        deadlineAt,
        priority,
        metadata,
        input == null ? Payload.EMPTY : input,
        grants,
        chunks,
        row.flag(),
        row.text(),
        new Head.Shares(row.count(), null));
  }
}
