package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.ConnectionException;
import dev.coatcheck.cli.doctor.Bytes;
import dev.coatcheck.cli.exit.CliException;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.server.backup.Archive;
import dev.coatcheck.server.backup.ArchiveException;
import dev.coatcheck.server.backup.Backup;
import dev.coatcheck.server.backup.BackupRoutes;
import dev.coatcheck.server.backup.Manifest;
import dev.coatcheck.server.backup.Place;
import dev.coatcheck.server.config.ServerConfig;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.store.StoreRefusedException;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.store.folder.FolderBlobs;
import dev.coatcheck.store.folder.OwnerOnly;
import dev.coatcheck.store.sqlite.Ownership;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backup}: everything in one file, from a server that runs or a store that nobody has. */
@Command(
    name = "backup",
    header = "Write everything that a server keeps to one file, while it works on.",
    description = {
      "",
      "Asks the server that --url or COATCHECK_URL names, or else the usual one; if none runs there,"
          + " the store in the data folder is opened. With --data, or --store, it is that or nothing.",
      "",
      "The file has all jobs, with their inputs and results, and all files: keep it as safe as the"
          + " server's own.",
      ""
    },
    sortOptions = false)
final class BackupCommand implements Callable<Integer> {

  private final Surroundings around;

  @Parameters(paramLabel = "FILE", description = "The zip file to write.")
  private Path file = Path.of("");

  @Option(names = "--force", description = "Replace FILE if it is there.")
  private boolean force;

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin private StoreOptions store = new StoreOptions();

  @Mixin HelpOption help = new HelpOption();

  BackupCommand(Surroundings around) {
    this.around = around;
  }

  /** What a backup was taken of, and what it says of itself. */
  private record Taken(String of, Manifest manifest, long size) {}

  @Override
  public Integer call() {
    Path target = file.toAbsolutePath().normalize();
    if (Files.exists(target) && !force) {
      throw CliException.usage(file + " is there already. Name another file, or use --force.");
    }
    try {
      Path beside =
          Files.createTempFile(
              target.getParent(), "." + target.getFileName(), ".part", OwnerOnly.file());
      beside.toFile().deleteOnExit();
      try {
        print(take(beside, target));
        return ExitCode.DONE;
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw CliException.usage("Cannot write " + file + ": " + reason(e));
    } catch (StoreUnavailableException e) {
      throw new CliException(ExitCode.DISK, List.of("No backup: " + e.getMessage()));
    }
  }

  /** The backup is read again before it gets its name. */
  private Taken take(Path beside, Path target) throws IOException {
    String of = write(beside);
    try (Archive archive = Archive.open(beside)) {
      archive.check();
      try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      long size = Files.size(beside);
      Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
      return new Taken(of, archive.manifest(), size);
    } catch (ArchiveException e) {
      throw new CliException(
          ExitCode.REFUSED,
          List.of("What " + of + " sent is no whole backup: " + e.getMessage(), "Try again."));
    }
  }

  /** Writes the archive; tells what it is of. */
  private String write(Path beside) throws IOException {
    if (store.given()) {
      if (client.given()) {
        throw CliException.usage("Either a server or a store: --url cannot go with --data.");
      }
      return copy(place(store.load(around.env())), beside);
    }
    try (Api api = client.connect(around)) {
      Answer answer = api.tryDownload("/v1/backup", BackupRoutes.TYPE, beside);
      answer.orRefused();
      return api.target().toString();
    } catch (ConnectionException e) {
      if (!e.unsent() || client.given(around)) {
        throw e.asFailure();
      }
      return copy(instead(e), beside);
    }
  }

  /** The store that no server has open. */
  private Place instead(ConnectionException nobody) {
    Place place = place(store.load(around.env()));
    if (!Files.exists(place.database())) {
      throw CliException.unreachable(
          String.valueOf(nobody.getMessage()), "There is no " + place.database() + " either.");
    }
    return place;
  }

  private static Place place(ServerConfig config) {
    Optional<Place> place = Place.of(config);
    return place.orElseThrow(() ->
        CliException.usage(
            "A store on PostgreSQL is backed up by the tools of PostgreSQL, for example:",
            "  pg_dump --format=custom --schema=coatcheck --file=coatcheck.dump DATABASE",
            "See docs/operate/backup.md."));
  }

  private static String copy(Place place, Path beside) throws IOException {
    if (!Files.exists(place.database())) {
      throw CliException.usage("There is no " + place.database());
    }
    InstantSource clock = InstantSource.system();
    try (Ownership _ = Ownership.of(place.database())) {
      Backup.dropLeftovers(place);
      FolderBlobs blobs = FolderBlobs.open(place.files(), clock);
      try (Backup backup = Backup.take(place, blobs, clock);
          OutputStream out = Files.newOutputStream(beside)) {
        backup.write(out, Version.text());
      }
      return place.database().toString();
    } catch (StoreRefusedException e) {
      throw CliException.configuration(
          List.of(String.valueOf(e.getMessage()), "Its server can be asked: leave out --data."));
    }
  }

  private void print(Taken taken) {
    Screen screen = around.screen();
    Manifest manifest = taken.manifest();
    if (client.json()) {
      byte[] json =
          JsonOut.object(out -> {
            out.string("file", file.toString()).number("size", taken.size());
            out.string("of", taken.of());
            manifest.write(out);
          });
      screen.out().println(new String(json, StandardCharsets.UTF_8));
    } else {
      long jobs = manifest.jobs().values().stream().mapToLong(Long::longValue).sum();
      screen.out().println(Inert.line("Backup of " + taken.of() + " in " + file));
      screen.out().println("  as of " + JsonOut.text(manifest.cutAt()));
      screen
          .out()
          .println(
              String.format(
                  Locale.ROOT,
                  "  %,d jobs, %,d files, %s",
                  jobs,
                  manifest.files().count(),
                  Bytes.of(taken.size())));
    }
    if (!manifest.missing().isEmpty()) {
      screen
          .err()
          .println(
              "Warning: the bytes of "
                  + manifest.missing().size()
                  + " files were not there, and are not in the backup.");
    }
  }

  /** The operating system's reasons name a file and say no more. */
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException gone -> "there is no " + gone.getFile();
      case AccessDeniedException denied -> "no access to " + denied.getFile();
      default -> Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    };
  }
}
