package dev.coatcheck.store.sqlite;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.store.JobQuery;
import dev.coatcheck.testkit.Results;
import dev.coatcheck.testkit.StoreBench;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/**
 * The end of the log is lost or spoilt, as after a crash with writes that were never synced. A
 * commit was synced with the length that the log had when it was acknowledged, so every commit that
 * lies before the damage must be there, and none that reaches into it.
 */
final class TornLogTest {

  private static final int COMMITS = 60;
  private static final int IMAGES = Integer.getInteger("chaos.images", 60);
  private static final long SEED = 11;

  /** What the log had when the job was acknowledged. */
  private final Map<JobId, Long> lengths = new TreeMap<>();

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

  @TempDir private Path directory;
  private SqliteBench bench;
  private Path crashed;

  @BeforeEach
  void acknowledgeAndCrash() throws IOException {
    bench = new SqliteBench(directory.resolve("data"));
    bench.store();
    Path log = log(bench.directory());
    for (int i = 0; i < COMMITS; i++) {
      JobId id = bench.accepted(job("w").input("x".repeat(random.nextInt(9_000)))).id();
      lengths.put(id, Files.size(log));
    }
    // What a kill leaves behind: the files as they are, not closed by their owner.
    crashed = directory.resolve("crashed");
    copy(bench.directory(), crashed);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private interface Damage {
    void at(RandomAccessFile log, long from) throws IOException;
  }

  @Test
  void every_commit_before_a_cut_is_there_and_none_after() throws Exception {
    checkImages("cut", (log, from) -> log.setLength(from));
  }

  @Test
  void every_commit_before_garbage_is_there_and_none_after() throws Exception {
    checkImages(
        "garbage",
        (log, from) -> {
          byte[] garbage = new byte[(int) (log.length() - from)];
          random.nextBytes(garbage);
          log.seek(from);
          log.write(garbage);
        });
  }

  @Test
  void every_commit_before_zeros_is_there_and_none_after() throws Exception {
    checkImages(
        "zeros",
        (log, from) -> {
          log.seek(from);
          log.write(new byte[(int) (log.length() - from)]);
        });
  }

  private void checkImages(String kind, Damage damage) throws Exception {
    long length = Files.size(log(crashed));
    long acknowledged = 0;
    for (int i = 0; i < IMAGES; i++) {
      long from = random.nextLong(length);
      Path image = directory.resolve("image-" + i);
      copy(crashed, image);
      try (RandomAccessFile log = new RandomAccessFile(log(image).toFile(), "rw")) {
        damage.at(log, from);
      }
      Set<JobId> before = before(from);
      assertThat(kept(image)).as("damage from byte %s", from).isEqualTo(before);
      acknowledged += before.size();
      delete(image);
    }
    ObjectNode measured = Results.read("torn");
    Results.add(measured, kind, IMAGES);
    Results.add(measured, "acknowledged", acknowledged);
    Results.write("torn", measured);
  }

  private Set<JobId> before(long from) {
    Set<JobId> before = new HashSet<>();
    lengths.forEach((id, length) -> {
      if (length <= from) {
        before.add(id);
      }
    });
    return before;
  }

  private static Set<JobId> kept(Path image) {
    SqliteBench opened = new SqliteBench(image);
    try {
      JobQuery query =
          new JobQuery(StoreBench.TENANT, null, null, null, null, null, null, 99, true);
      Set<JobId> kept = new HashSet<>();
      for (Job each : opened.store().reader().jobs(query)) {
        kept.add(each.id());
      }
      // It goes on with what is left.
      JobId next = opened.accepted(job("w")).id();
      assertThat(opened.job(next).id()).isEqualTo(next);
      return kept;
    } finally {
      opened.close();
    }
  }

  private static void delete(Path image) throws IOException {
    try (Stream<Path> all = Files.walk(image)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static Path log(Path data) {
    return data.resolve("jobs.db-wal");
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (String name : Set.of("jobs.db", "jobs.db-wal")) {
      Files.copy(from.resolve(name), to.resolve(name));
    }
  }
}
