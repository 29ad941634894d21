package dev.coatcheck.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.testkit.Results;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs Jazzer's own driver on each target in a process of its own, two at a time, first over the
 * kept corpus and then for some seconds on what it makes up. A finding is printed with the input
 * that shows it.
 */
@Timeout(3_600)
class FuzzTest {

  private static final int SECONDS = Integer.getInteger("fuzz.seconds", 5);

  /** The same in every check, so that a change is judged by itself; 0 for another each time. */
  private static final int SEED = Integer.getInteger("fuzz.seed", 1);

  private static final List<String> TARGETS =
      List.of(
          "fuzz.JsonFuzz",
          "fuzz.MembersFuzz",
          "fuzz.DurationsFuzz",
          "fuzz.IdsFuzz",
          "fuzz.HeadersFuzz",
          "server.workers.WorkerDocumentFuzz",
          "server.jobs.CursorFuzz",
          "server.files.FileNameFuzz",
          "server.EdgeFuzz");
  private static final Pattern EXECUTED = Pattern.compile("number_of_executed_units: (\\d+)");
  private static final Path CORPUS = Path.of("src", "test", "resources", "fuzz");

  private static final ExecutorService PAIR = Executors.newFixedThreadPool(2);
  private static final Map<String, Future<Result>> RESULTS = new LinkedHashMap<>();

  @TempDir static Path folder;

  private record Result(int exit, String said) {}

  @BeforeAll
  static void start() {
    TARGETS.forEach(target -> RESULTS.put(target, PAIR.submit(() -> fuzz(target))));
  }

  @AfterAll
  static void stop() {
    PAIR.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fuzz.JsonFuzz",
        "fuzz.MembersFuzz",
        "fuzz.DurationsFuzz",
        "fuzz.IdsFuzz",
        "fuzz.HeadersFuzz",
        "server.workers.WorkerDocumentFuzz",
        "server.jobs.CursorFuzz",
        "server.files.FileNameFuzz",
        "server.EdgeFuzz"
      })
  void nothing_that_is_made_up_breaks_a_promise(String target) throws Exception {
    Result result = Objects.requireNonNull(RESULTS.get(target)).get();

    Matcher executed = EXECUTED.matcher(result.said());
    assertThat(result.exit()).as(result.said()).isZero();
    assertThat(executed.find()).as(result.said()).isTrue();
    assertThat(Long.parseLong(executed.group(1)))
        .as("executions, of which some must be more than the corpus, as it is and empty")
        .isGreaterThan(corpus(target).size() + 1);
    ObjectNode measured = Results.read("fuzz");
    Results.add(measured, "executions", Long.parseLong(executed.group(1)));
    Results.add(measured, "seconds", SECONDS);
    Results.add(measured, target, Long.parseLong(executed.group(1)));
    Results.write("fuzz", measured);
  }

  private static Path folderOf(String target) {
    return CORPUS.resolve(target.substring(target.lastIndexOf('.') + 1));
  }

  private static List<Path> corpus(String target) throws IOException {
    try (Stream<Path> files = Files.list(folderOf(target))) {
      return files.toList();
    }
  }

  private static Result fuzz(String target) throws IOException, InterruptedException {
    String name = target.substring(target.lastIndexOf('.') + 1);
    Path made = Files.createDirectories(folder.resolve(name));
    Path log = folder.resolve(name + ".log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=dev.coatcheck." + target,
                "--instrumentation_includes=dev.coatcheck.**",
                // The target of whole requests calls the loopback, as it should; and who defines a
                // worker may write patterns into its schema.
                "--disabled_hooks="
                    + "com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery:"
                    + "com.code_intelligence.jazzer.sanitizers.RegexInjection",
                "-max_total_time=" + SECONDS,
                "-timeout=60",
                "-seed=" + SEED,
                "-max_len=2048",
                "-use_value_profile=1",
                "-print_final_stats=1",
                "-artifact_prefix=" + made + "/finding-",
                made.toString(),
                folderOf(target).toAbsolutePath().toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int exit = process.waitFor();
    return new Result(exit, tail(log));
  }

  private static String tail(Path log) throws IOException {
    String all = new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1);
    int finding = all.indexOf("== ");
    return all.substring(finding >= 0 ? finding : Math.max(0, all.length() - 4_000));
  }
}
