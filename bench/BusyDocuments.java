import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hands a large document in several times to a running server, and reads a job's status a hundred
 * times a second as long as they are worked on: how long each document took, and how long the reads
 * waited. Reads are sent when they are due, not when the one before was answered, and their wait is
 * counted from then (no coordinated omission).
 *
 * <p>{@code java bench/BusyDocuments.java http://127.0.0.1:8080 manual.pdf 2}: so many at once.
 */
public class BusyDocuments {

  private static final Pattern ID = Pattern.compile("\"id\":\"((job|file)_[0-9a-z]{26})\"");
  private static final long PERIOD_NANOS = 10_000_000;

  public static void main(String[] args) throws Exception {
    String url = args[0];
    Path document = Path.of(args[1]);
    int times = Integer.parseInt(args[2]);
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    String probe = "{\"worker\":\"simulate\",\"input\":{}}";
    String still = id(post(http, url + "/v1/jobs", "application/json", BodyPublishers.ofString(probe)));
    for (int i = 0; i < 3_000; i++) {
      get(http, url + "/v1/jobs/" + still);
    }
    long sent = System.nanoTime();
    String file =
        id(post(http, url + "/v1/files", "application/pdf", BodyPublishers.ofFile(document)));
    System.out.printf("uploaded in %.0f ms%n", (System.nanoTime() - sent) / 1e6);
    List<String> jobs = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String body = "{\"worker\":\"summarize\",\"input\":{\"file\":\"" + file + "\"}}";
      long asked = System.nanoTime();
      jobs.add(id(post(http, url + "/v1/jobs", "application/json", BodyPublishers.ofString(body))));
      System.out.printf("ticket after %.1f ms%n", (System.nanoTime() - asked) / 1e6);
    }

    List<Long> waits = Collections.synchronizedList(new ArrayList<>());
    Thread reader = Thread.ofPlatform().start(() -> read(http, url + "/v1/jobs/" + still, waits));
    for (String job : jobs) {
      await(http, url, job);
    }
    reader.interrupt();
    reader.join();
    for (String job : jobs) {
      String answer = get(http, url + "/v1/jobs/" + job);
      if (!answer.contains("\"status\":\"succeeded\"")) {
        throw new IllegalStateException(answer);
      }
      System.out.println(
          "worked for " + number(answer, "duration_ms") + " ms, " + number(answer, "page_count") + " pages");
    }
    Collections.sort(waits);
    System.out.printf(
        "%d status reads meanwhile: p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
        waits.size(),
        waits.get(waits.size() / 2) / 1e6,
        waits.get(waits.size() * 99 / 100) / 1e6,
        waits.getLast() / 1e6);
  }

  private static void read(HttpClient http, String url, List<Long> waits) {
    List<Thread> open = new ArrayList<>();
    long due = System.nanoTime();
    while (!Thread.currentThread().isInterrupted()) {
      due += PERIOD_NANOS;
      long at = due;
      java.util.concurrent.locks.LockSupport.parkNanos(at - System.nanoTime());
      open.add(
          Thread.startVirtualThread(
              () -> {
                get(http, url);
                waits.add(System.nanoTime() - at);
              }));
    }
    Thread.interrupted();
    for (Thread each : open) {
      try {
        each.join();
      } catch (InterruptedException again) {
        throw new IllegalStateException(again);
      }
    }
  }

  private static void await(HttpClient http, String url, String job) throws Exception {
    while (!get(http, url + "/v1/jobs/" + job).contains("\"done\":true")) {
      Thread.sleep(50);
    }
  }

  private static String number(String json, String member) {
    Matcher matcher = Pattern.compile("\"" + member + "\":(\\d+)").matcher(json);
    return matcher.find() ? matcher.group(1) : "?";
  }

  private static String id(HttpResponse<String> answer) {
    Matcher matcher = ID.matcher(answer.body());
    if (answer.statusCode() / 100 != 2 || !matcher.find()) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return matcher.group(1);
  }

  private static HttpResponse<String> post(
      HttpClient http, String url, String type, BodyPublisher body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).header("Content-Type", type).POST(body).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String get(HttpClient http, String url) {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (Exception trouble) {
      throw new IllegalStateException(trouble);
    }
  }
}
