package dev.coatcheck.cli;

import dev.coatcheck.cli.exit.CliException;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.show.RestoreReport;
import dev.coatcheck.server.backup.ArchiveException;
import dev.coatcheck.server.backup.Place;
import dev.coatcheck.server.backup.Restoration;
import dev.coatcheck.server.config.ServerConfig;
import dev.coatcheck.store.Restore;
import dev.coatcheck.store.StoreRefusedException;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.store.postgres.Comparison;
import dev.coatcheck.store.postgres.PostgresOptions;
import dev.coatcheck.store.postgres.PostgresStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code restore}: puts a backup in place, ends its leases, tells what it does not have. */
@Command(
    name = "restore",
    header = "Put a backup in the place of a store, and tell what is not in it.",
    description = {
      "",
      "No server may run on that place. Every lease is ended: who held one is refused, and the job"
          + " runs again. Suspended jobs go on waiting for their callbacks.",
      "",
      "A store on PostgreSQL is restored by the tools of PostgreSQL. Then, before any node starts:"
          + " ./coatcheck restore --cut TIME, with the database in COATCHECK_STORE_URL.",
      ""
    },
    sortOptions = false)
final class RestoreCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(paramLabel = "FILE", arity = "0..1", description = "What backup has written.")
  private @Nullable Path file;

  @Mixin private StoreOptions store = new StoreOptions();

  @Option(
      names = "--compare",
      paramLabel = "OLD",
      description =
          "The data folder, or the database, as it was last: list what was acknowledged after the"
              + " backup. On PostgreSQL its URL.")
  private @Nullable String old;

  @Option(
      names = "--cut",
      paramLabel = "TIME",
      description = "As of when a database on PostgreSQL was restored: 2026-01-31T12:00:00Z.")
  private @Nullable String cut;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  @Mixin HelpOption help = new HelpOption();

  RestoreCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    ServerConfig config = store.load(around.env());
    RestoreReport report = new RestoreReport(around.screen(), json);
    Optional<Place> place = Place.of(config);
    try {
      if (place.isPresent()) {
        archive(place.get(), report);
      } else {
        database(config, report);
      }
      return ExitCode.DONE;
    } catch (StoreRefusedException | ArchiveException e) {
      throw refused(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw refused(BackupCommand.reason(e));
    } catch (StoreUnavailableException e) {
      throw new CliException(ExitCode.DISK, List.of("Nothing was restored: " + e.getMessage()));
    }
  }

  private void archive(Place place, RestoreReport report) throws ArchiveException, IOException {
    if (file == null) {
      throw CliException.usage("Which backup? Name its file.");
    }
    if (cut != null) {
      throw CliException.usage("--cut is for PostgreSQL: a file knows as of when it is.");
    }
    try (Restoration restoration = Restoration.begin(file, place)) {
      restoration.unpack();
      Restore restore = restoration.fence();
      report.restored(restoration.manifest(), restore);
      if (old != null) {
        report.compared();
        Path before = Path.of(old);
        restoration.missed(
            Files.isDirectory(before) ? Place.in(before).database() : before, report::missed);
      }
      restoration.settle();
      report.done(place.database().toString(), old != null);
    }
  }

  private void database(ServerConfig config, RestoreReport report) {
    if (file != null) {
      throw CliException.usage(
          "A store on PostgreSQL is restored by the tools of PostgreSQL: see docs/operate/backup.md.",
          "Then leave FILE out, and say with --cut as of when it is.");
    }
    Instant cutAt = cutAt();
    PostgresOptions options =
        PostgresOptions.of(config.storeUrl().orElseThrow(), new SecureRandom())
            .withLease(config.leaseDuration());
    try (PostgresStore database = PostgresStore.open(options);
        Comparison comparison = old == null ? null : database.compare(old)) {
      report.restored(null, database.fence(cutAt));
      if (comparison != null) {
        report.compared();
        comparison.missed(report::missed);
      }
    }
    report.done("the database", old != null);
  }

  private Instant cutAt() {
    if (cut == null) {
      throw CliException.usage(
          "--cut: as of when is the database? For example 2026-01-31T12:00:00Z.");
    }
    try {
      Instant at = OffsetDateTime.parse(cut).toInstant();
      if (at.isAfter(Instant.now())) {
        throw CliException.usage("--cut: " + cut + " is not in the past.");
      }
      return at;
    } catch (DateTimeParseException e) {
      throw CliException.usage("--cut: not a time like 2026-01-31T12:00:00Z: " + cut);
    }
  }

  private static CliException refused(String why) {
    return new CliException(ExitCode.NOT_SUCCEEDED, List.of("Nothing was restored: " + why));
  }
}
