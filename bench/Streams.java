import dev.coatcheck.client.Coatcheck;
import dev.coatcheck.client.runner.Runner;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets one job put out many chunks, and many readers follow it live, half of which break off at
 * random and come back with the last id that they saw. Each must see every chunk once, in order.
 *
 * <p>{@code java -cp 'server/target/lib/*:client/target/coatcheck-client-0.1.0-SNAPSHOT.jar'
 * bench/Streams.java http://127.0.0.1:8080 10000 100}: so many chunks, so many readers.
 */
public class Streams {

  private static final Pattern CHUNKS = Pattern.compile("\"offset\":(\\d+),\"chunks\":\\[(.*?)]");
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private record Seen(long chunks, int connections, double millis) {}

  public static void main(String[] args) throws Exception {
    String url = args[0];
    int chunks = Integer.parseInt(args[1]);
    int readers = Integer.parseInt(args[2]);
    String worker = "stream-" + Long.toString(System.nanoTime(), 36);
    define(url, worker);
    Coatcheck coatcheck = Coatcheck.connect(url);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      String id = coatcheck.submit(worker, chunks).id();
      long begin = System.nanoTime();
      List<Future<Seen>> all = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        Random random = i % 2 == 0 ? new Random(i) : null;
        all.add(threads.submit(() -> read(url + "/v1/jobs/" + id + "/events", random, begin)));
      }
      double[] written = new double[1];
      try (Runner runner = Runner.connect(url)
          .handle(worker, Integer.class, Integer.class, (context, count) -> {
            for (int n = 0; n < count; n++) {
              context.output("c" + n);
            }
            written[0] = (System.nanoTime() - begin) / 1e6;
            return count;
          })
          .start()) {
        int connections = 0;
        double last = 0;
        for (Future<Seen> each : all) {
          Seen seen = each.get();
          if (seen.chunks() != chunks) {
            throw new IllegalStateException("a reader saw " + seen.chunks() + " chunks");
          }
          connections += seen.connections();
          last = Math.max(last, seen.millis());
        }
        System.out.printf(
            "%d chunks, %d readers over %d connections: written after %.0f ms, all had read all after %.0f ms%n",
            chunks, readers, connections, written[0], last);
        System.out.println("each saw every chunk once, in order");
      }
    }
  }

  /** Follows to the end; with random numbers, breaks off now and then. */
  private static Seen read(String url, Random random, long begin) throws Exception {
    long next = 0;
    String last = "";
    int connections = 0;
    while (true) {
      connections++;
      int events = random == null ? Integer.MAX_VALUE : 1 + random.nextInt(20);
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(url)).header("Accept", "text/event-stream");
      if (!last.isEmpty()) {
        request.header("Last-Event-ID", last);
      }
      HttpResponse<InputStream> answer =
          HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("HTTP " + answer.statusCode());
      }
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
        String id = last;
        for (String line = lines.readLine(); line != null && events > 0; line = lines.readLine()) {
          if (line.startsWith("id: ")) {
            id = line.substring(4);
          } else if (line.startsWith("data: ")) {
            next = check(line, next);
            last = id;
            events--;
            if (line.contains("\"type\":\"done\"")) {
              return new Seen(next, connections, (System.nanoTime() - begin) / 1e6);
            }
          }
        }
      } catch (IOException broken) {
        // Goes on after the last event that was whole.
      }
    }
  }

  private static long check(String data, long expected) {
    long next = expected;
    Matcher output = CHUNKS.matcher(data);
    if (data.contains("\"type\":\"output\"") && output.find()) {
      if (Long.parseLong(output.group(1)) != next) {
        throw new IllegalStateException("chunk " + output.group(1) + " came, " + next + " was due");
      }
      for (String chunk : output.group(2).split(",")) {
        if (!chunk.equals("\"c" + next + "\"")) {
          throw new IllegalStateException(chunk + " came, " + next + " was due");
        }
        next++;
      }
    }
    return next;
  }

  private static void define(String url, String worker) throws Exception {
    HttpResponse<String> answer =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(url + "/v1/workers/" + worker))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"kind\":\"pull\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 201) {
      throw new IllegalStateException(answer.body());
    }
  }
}
