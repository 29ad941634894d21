package dev.coatcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.coatcheck.cli.Shell.Said;
import dev.coatcheck.process.ServerProcess;
import dev.coatcheck.runners.Api;
import dev.coatcheck.server.Coatcheck;
import dev.coatcheck.server.json.JsonOut;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server is backed up under load, dies, and is restored elsewhere. */
@Timeout(180)
class RestoreTest {

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  /** What was acknowledged when, by the id of the job. */
  private final Map<String, Instant> acknowledged = new ConcurrentHashMap<>();

  /**
   * What there is at the cut.
   *
   * @param held by a runner elsewhere
   * @param ended like it, and ended after the cut
   * @param calledBack suspended, and called back to after the cut
   * @param local a job that runs in the server
   */
  private record Scene(
      JsonNode held,
      JsonNode ended,
      JsonNode suspended,
      JsonNode calledBack,
      String local,
      String done,
      String file) {}

  @Test
  void what_was_acknowledged_before_the_cut_is_there_and_what_came_after_is_told()
      throws Exception {
    Path old = folder.resolve("old");
    Path zip = folder.resolve("backup.zip");
    Instant cut;
    Scene scene;
    String lateFile;
    try (ServerProcess server = ServerProcess.start(ServerProcess.Plan.at(old))) {
      Api api = new Api(server.url());
      scene = prepare(api);
      cut = backUpUnderLoad(api, zip);
      lateFile = goOn(api, scene);
      server.kill();
    }
    Path fresh = folder.resolve("fresh");

    List<JsonNode> told =
        lines(
            Shell.with(Map.of())
                .run(
                    "restore",
                    zip.toString(),
                    "--data",
                    fresh.toString(),
                    "--compare",
                    old.toString(),
                    "--json"));

    try (ServerProcess server = ServerProcess.start(ServerProcess.Plan.at(fresh))) {
      Api api = new Api(server.url());
      assertThat(told.getFirst().path("cut_at").asString()).isEqualTo(JsonOut.text(cut));
      assertThat(told.getFirst().path("leases_ended").asInt()).isEqualTo(3);
      nothingIsLostInSilence(api, cut, told);
      oldHoldersAreRefused(api, scene);
      whatRanRunsAgain(api, scene);
      suspendedJobsGoOn(api, scene);
      endsAndCallbacksAreTold(told, scene);
      assertThat(named(told, "file", "file_id")).containsExactly(lateFile);
      assertThat(api.text("/v1/files/" + scene.file + "/content")).isEqualTo("before the cut");
      assertThat(api.get("/v1/system").ok().at("/restores/0/cut_at").asString())
          .isEqualTo(JsonOut.text(cut));
      assertThat(api.job(scene.done).path("status").asString()).isEqualTo("succeeded");
    }
  }

  private static Scene prepare(Api api) throws Exception {
    for (String worker : List.of("outside", "later", "load")) {
      api.define(worker, "");
    }
    api.submit("outside", "\"held\"");
    JsonNode held = api.lease("outside");
    api.submit("outside", "\"ended\"");
    JsonNode ended = api.lease("outside");
    String local = api.submit("simulate", "{\"duration_ms\": 600000}");
    await().until(() -> api.job(local).path("status").asString().equals("running"));
    String done = api.submit("simulate", "{}");
    await().until(() -> api.job(done).path("done").asBoolean());
    String file = api.post("/v1/files?name=a.txt", "before the cut").ok().path("id").asString();
    return new Scene(held, ended, suspend(api), suspend(api), local, done, file);
  }

  private static JsonNode suspend(Api api) throws Exception {
    api.submit("later", "1");
    JsonNode lease = api.lease("later");
    api.end(lease, "suspend", "{\"timeout\":\"1h\",\"state\":{\"step\":2}}").ok();
    return lease;
  }

  /** Hands jobs in while a backup is taken, and for a while after it; the cut. */
  private Instant backUpUnderLoad(Api api, Path zip) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> load = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        load.add(threads.submit(() -> submitUntilInterrupted(api)));
      }
      await().until(() -> acknowledged.size() > 100);
      Said said = Shell.at(api.url()).run("backup", zip.toString(), "--json");
      assertThat(said.exit()).as("%s", said).isZero();
      Instant cut = Instant.parse(said.json().path("cut_at").asString());
      int before = acknowledged.size();
      await().until(() -> acknowledged.size() > before + 50);
      threads.shutdownNow();
      for (Future<?> each : load) {
        each.get();
      }
      return cut;
    }
  }

  private Object submitUntilInterrupted(Api api) throws Exception {
    try {
      while (!Thread.interrupted()) {
        String id = api.submit("load", "\"x\"");
        acknowledged.put(id, Instant.now());
      }
    } catch (InterruptedException | IOException stopped) {
      // Whatever was not answered was not acknowledged.
    }
    return true;
  }

  /** What a server answers after the cut, at last with a file. */
  private static String goOn(Api api, Scene scene) throws Exception {
    api.end(scene.ended, "complete", "{\"output\":1}").ok();
    api.callBack(scene.calledBack).ok();
    return api.post("/v1/files?name=b.txt", "after").ok().path("id").asString();
  }

  private static List<JsonNode> lines(Said said) {
    assertThat(said.exit()).as("%s", said).isZero();
    return said.out().lines().map(JSON::readTree).toList();
  }

  private void nothingIsLostInSilence(Api api, Instant cut, List<JsonNode> told) throws Exception {
    Set<String> kept = api.ids("load");
    Set<String> lost = new HashSet<>(named(told, "job", "job_id"));
    assertThat(kept).isNotEmpty().doesNotContainAnyElementsOf(lost);
    assertThat(lost).isNotEmpty();
    acknowledged.forEach((id, at) -> {
      assertThat(kept.contains(id) || lost.contains(id)).as(id).isTrue();
      assertThat(kept.contains(id) || !at.isBefore(cut)).as("%s at %s", id, at).isTrue();
    });
    Api.Answer gone = api.get("/v1/jobs/" + lost.iterator().next());
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.body().path("code").asString()).isEqualTo("not_found");
    assertThat(gone.body().path("detail").asString())
        .contains("restored from a backup of " + JsonOut.text(cut));
    Api.Answer never = api.get("/v1/jobs/job_7zzzzzzzzzzzzzzzzzzzzzzzzz");
    assertThat(never.status()).isEqualTo(404);
    assertThat(never.body().path("detail").asString()).doesNotContain("restored");
  }

  private static List<String> named(List<JsonNode> told, String kind, String member) {
    Predicate<JsonNode> ofKind = line -> line.path("kind").asString().equals(kind);
    return told.stream().filter(ofKind).map(line -> line.path(member).asString()).toList();
  }

  private static void oldHoldersAreRefused(Api api, Scene scene) throws Exception {
    for (JsonNode lease : List.of(scene.held, scene.ended)) {
      api.end(lease, "complete", "{\"output\":2}").isLost();
      api.end(lease, "fail", "{\"error\":{}}").isLost();
      api.end(lease, "output", "{\"offset\":0,\"chunks\":[\"a\"]}").isLost();
    }
    JsonNode beat =
        api.post(
                "/v1/runners/heartbeat",
                "{\"runner\":\""
                    + scene.held.path("runner").asString()
                    + "\",\"leases\":[{\"lease_token\":\""
                    + scene.held.path("lease_token").asString()
                    + "\"}]}")
            .body();
    assertThat(beat.at("/leases/0/state").asString()).isEqualTo("stop");
  }

  private static void whatRanRunsAgain(Api api, Scene scene) throws Exception {
    for (JsonNode lease : List.of(scene.held, scene.ended)) {
      JsonNode again = api.lease("outside");
      assertThat(again.path("job").path("id")).isEqualTo(lease.path("job").path("id"));
      assertThat(again.path("attempt").asInt()).isEqualTo(1);
      api.end(again, "complete", "{\"output\":3}").ok();
      assertThat(api.job(again.path("job").path("id").asString()).path("output").asInt())
          .isEqualTo(3);
    }
    await().until(() -> api.job(scene.local).path("status").asString().equals("running"));
  }

  private static void suspendedJobsGoOn(Api api, Scene scene) throws Exception {
    for (JsonNode lease : List.of(scene.suspended, scene.calledBack)) {
      assertThat(api.callBack(lease).ok().path("effect").asString()).isEqualTo("resumed");
      JsonNode again = api.lease("later");
      assertThat(again.at("/resume/state/step").asInt()).isEqualTo(2);
      api.end(again, "complete", "{\"output\":4}").ok();
      assertThat(api.job(lease.at("/job/id").asString()).path("status").asString())
          .isEqualTo("succeeded");
    }
  }

  private static void endsAndCallbacksAreTold(List<JsonNode> told, Scene scene) {
    assertThat(named(told, "end", "job_id")).containsExactly(scene.ended.at("/job/id").asString());
    assertThat(named(told, "callback", "job_id"))
        .containsExactly(scene.calledBack.at("/job/id").asString());
    assertThat(told.getLast().path("missed").asInt()).isEqualTo(told.size() - 2);
  }

  @Test
  void a_store_that_no_server_has_is_backed_up_without_one() throws Exception {
    Path data = folder.resolve("data");
    String id = filled(data);
    Path zip = folder.resolve("a b.zip");

    Said backup = run("backup", zip.toString(), "--data", data.toString());

    assertThat(backup.exit()).as("%s", backup).isZero();
    assertThat(backup.out()).contains("1 jobs, 1 files");
    Said again = run("backup", zip.toString(), "--data", data.toString());
    assertThat(again.exit()).isEqualTo(2);
    assertThat(again.err()).contains("--force");
    assertThat(run("backup", zip.toString(), "--data", data.toString(), "--force").exit()).isZero();
    Said there = run("restore", zip.toString(), "--data", data.toString());
    assertThat(there.exit()).isEqualTo(1);
    assertThat(there.err()).contains("is there already");
    Path fresh = folder.resolve("fresh");
    Said restored =
        run("restore", zip.toString(), "--data", fresh.toString(), "--compare", data.toString());
    assertThat(restored.exit()).as("%s", restored).isZero();
    assertThat(restored.out()).contains("1 succeeded", "0 leases ended", "nothing", "Restored");
    Coatcheck server = Shell.server(fresh);
    try {
      assertThat(Shell.at(server.url()).run("get", id).out()).contains("succeeded");
    } finally {
      server.stop();
    }
    assertThat(names(folder)).containsExactlyInAnyOrder("data", "fresh", "a b.zip");
    assertThat(names(data)).noneMatch(name -> name.contains("backup") || name.contains("restor"));
  }

  @Test
  void what_is_not_whole_is_refused_and_leaves_nothing() throws Exception {
    Path data = folder.resolve("data");
    filled(data);
    Path zip = folder.resolve("whole.zip");
    assertThat(run("backup", zip.toString(), "--data", data.toString()).exit()).isZero();
    byte[] whole = Files.readAllBytes(zip);
    List<byte[]> broken = new ArrayList<>();
    for (int part = 0; part < 8; part++) {
      broken.add(Arrays.copyOf(whole, whole.length * part / 8));
    }
    broken.add(Arrays.copyOf(whole, whole.length - 1));
    for (int place = 100; place < whole.length - 1_200; place += whole.length / 12) {
      byte[] flipped = whole.clone();
      flipped[place] ^= 0x10;
      // A bit of which nothing depends, as among many ways to say that zeros follow, is no damage.
      if (!contents(flipped).equals(contents(whole))) {
        broken.add(flipped);
      }
    }
    assertThat(broken).hasSizeGreaterThan(14);
    for (byte[] bytes : broken) {
      Path bad = Files.write(folder.resolve("bad.zip"), bytes);
      Path fresh = folder.resolve("fresh");

      Said said = run("restore", bad.toString(), "--data", fresh.toString());

      assertThat(said.exit()).as("%s", said).isEqualTo(1);
      assertThat(said.err()).startsWith("Nothing was restored").doesNotContain("\tat ");
      assertThat(fresh).doesNotExist();
    }
    assertThat(run("restore", "no-such.zip", "--data", folder.resolve("f").toString()).exit())
        .isEqualTo(1);
  }

  @Test
  void a_transfer_that_breaks_leaves_no_file() throws Exception {
    Path data = folder.resolve("data");
    filled(data);
    Path zip = folder.resolve("whole.zip");
    assertThat(run("backup", zip.toString(), "--data", data.toString()).exit()).isZero();
    byte[] whole = Files.readAllBytes(zip);
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    HttpServer broken =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    // The first answer ends as if it were whole, the next in the middle.
    AtomicInteger asked = new AtomicInteger();
    broken.createContext(
        "/v1/backup",
        exchange -> {
          exchange.sendResponseHeaders(200, asked.getAndIncrement() == 0 ? 0 : whole.length);
          exchange.getResponseBody().write(half);
          exchange.close();
        });
    broken.start();
    try {
      Path file = folder.resolve("broken.zip");
      Shell shell = Shell.at("http://127.0.0.1:" + broken.getAddress().getPort());
      Said ended = shell.run("backup", file.toString());
      assertThat(ended.exit()).isEqualTo(4);
      assertThat(ended.err()).contains("no whole backup");
      assertThat(shell.run("backup", file.toString()).exit()).isEqualTo(3);
      assertThat(names(folder)).containsExactlyInAnyOrder("data", "whole.zip");
    } finally {
      broken.stop(0);
    }
  }

  @Test
  void a_server_that_has_the_store_is_not_passed_by() throws Exception {
    Path data = folder.resolve("data");
    Coatcheck server = Shell.server(data);
    try {
      Path zip = folder.resolve("b.zip");
      Said locked = run("backup", zip.toString(), "--data", data.toString());
      assertThat(locked.exit()).isEqualTo(78);
      assertThat(locked.err()).contains("in use");
      assertThat(Shell.at(server.url()).run("backup", zip.toString()).exit()).isZero();
      Said running =
          run(
              "restore",
              zip.toString(),
              "--data",
              folder.resolve("fresh").toString(),
              "--compare",
              data.toString());
      assertThat(running.exit()).isEqualTo(1);
      assertThat(running.err()).contains("stop its server first");
      assertThat(folder.resolve("fresh")).doesNotExist();
    } finally {
      server.stop();
    }
  }

  /** A store with a job that is done and a file. */
  private static String filled(Path data) throws Exception {
    Coatcheck server = Shell.server(data);
    try {
      Shell shell = Shell.at(server.url());
      Path note = Files.writeString(data.resolveSibling("note.txt"), "hello");
      Said said = shell.run("submit", "simulate", "--file", "output=" + note, "--wait", "--json");
      Files.delete(note);
      assertThat(said.exit()).as("%s", said).isZero();
      return said.json().path("id").asString();
    } finally {
      server.stop();
    }
  }

  private static Said run(String... args) {
    return Shell.with(Map.of()).run(args);
  }

  private static List<String> names(Path in) throws Exception {
    try (var all = Files.list(in)) {
      return all.map(each -> each.getFileName().toString()).toList();
    }
  }

  /** What an archive has in it; empty if that cannot be read. */
  private Optional<Map<String, String>> contents(byte[] archive) throws IOException {
    Path file = Files.write(folder.resolve("read.zip"), archive);
    Map<String, String> contents = new HashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        byte[] bytes = zip.getInputStream(entry).readAllBytes();
        contents.put(entry.getName(), HexFormat.of().formatHex(bytes));
      }
      return Optional.of(contents);
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }
}
