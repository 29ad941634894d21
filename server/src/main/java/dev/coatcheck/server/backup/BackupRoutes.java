package dev.coatcheck.server.backup;

import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.store.StoreUnavailableException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.io.EndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /v1/backup}: a copy of everything, as it is at one moment. */
public final class BackupRoutes {

  public static final String TYPE = "application/zip";

  private static final Logger log = LoggerFactory.getLogger(BackupRoutes.class);

  /** Nothing is sent while the database is copied. */
  private static final Duration COPYING = Duration.ofHours(6);

  private static final Duration TRY_AGAIN = Duration.ofSeconds(30);

  private final Optional<Backups> backups;
  private final String version;
  private final Semaphore one = new Semaphore(1);

  /**
   * Routes of a server.
   *
   * @param backups empty for a store that is backed up by tools of its own
   */
  public BackupRoutes(Optional<Backups> backups, String version) {
    this.backups = backups;
    this.version = version;
  }

  /** One at a time: two would copy the same. */
  public void backup(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    Backups here =
        backups.orElseThrow(() ->
            Problem.of(
                ProblemCode.NOT_SUPPORTED,
                "This store is backed up by the tools of its database: see docs/operate/backup.md."));
    if (!one.tryAcquire()) {
      throw Problem.of(ProblemCode.OVERLOADED, "Another backup is being taken.")
          .retryAfter(TRY_AGAIN);
    }
    try (Backup backup = take(exchange, here)) {
      log.info("a backup as of {} is being sent", backup.cutAt());
      send(exchange, backup);
    } finally {
      one.release();
    }
  }

  private static Backup take(Exchange exchange, Backups here) {
    EndPoint peer = peer(exchange);
    long idle = peer.getIdleTimeout();
    peer.setIdleTimeout(COPYING.toMillis());
    try {
      return here.take();
    } catch (StoreUnavailableException trouble) {
      throw Problem.of(ProblemCode.STORE_UNAVAILABLE, String.valueOf(trouble.getMessage()))
          .retryAfter(TRY_AGAIN);
    } finally {
      peer.setIdleTimeout(idle);
    }
  }

  private void send(Exchange exchange, Backup backup) throws IOException {
    HttpServletResponse response = exchange.response();
    response.setStatus(200);
    response.setContentType(TYPE);
    response.setHeader("Content-Disposition", "attachment; filename=\"coatcheck-backup.zip\"");
    boolean whole = false;
    try {
      backup.write(response.getOutputStream(), version);
      whole = true;
    } finally {
      if (!whole && response.isCommitted()) {
        // Else the answer would end as one that is whole.
        peer(exchange).close();
      }
    }
  }

  private static EndPoint peer(Exchange exchange) {
    return exchange.core().getConnectionMetaData().getConnection().getEndPoint();
  }
}
