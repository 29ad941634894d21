import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Submits many slow jobs to a running server and tells how long after the last submission the last
 * one is done; then checks that each succeeded and ended once.
 *
 * <p>{@code java bench/SlowJobs.java http://127.0.0.1:8080 1000 5000}: so many jobs, of so many
 * milliseconds.
 */
public class SlowJobs {

  private static final Pattern ID = Pattern.compile("\"id\":\"(job_[0-9a-z]{26})\"");
  private static final int CALLERS = 32;

  public static void main(String[] args) throws Exception {
    String url = args[0];
    int jobs = Integer.parseInt(args[1]);
    int millis = Integer.parseInt(args[2]);
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    String body = "{\"worker\":\"simulate\",\"input\":{\"duration_ms\":" + millis + "}}";
    List<Long> tickets = Collections.synchronizedList(new ArrayList<>());

    long begin = System.nanoTime();
    List<Future<String>> submitted = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      submitted.add(
          callers.submit(
              () -> {
                long sent = System.nanoTime();
                HttpResponse<String> answer = post(http, url + "/v1/jobs", body);
                tickets.add(System.nanoTime() - sent);
                return id(answer);
              }));
    }
    List<String> ids = new ArrayList<>();
    for (Future<String> each : submitted) {
      ids.add(each.get());
    }
    long last = System.nanoTime();
    for (String id : ids) {
      await(http, url, id);
    }
    long done = System.nanoTime();
    callers.shutdown();

    for (String id : ids) {
      check(http, url, id);
    }
    Collections.sort(tickets);
    System.out.printf("%d jobs of %d ms%n", jobs, millis);
    System.out.printf("submitted in %.0f ms%n", (last - begin) / 1e6);
    System.out.printf(
        "ticket p50 %.1f ms, p99 %.1f ms%n",
        tickets.get(jobs / 2) / 1e6, tickets.get(jobs * 99 / 100) / 1e6);
    System.out.printf("all done %.0f ms after the last submission%n", (done - last) / 1e6);
    System.out.println("each succeeded and ended once");
  }

  private static void await(HttpClient http, String url, String id) throws Exception {
    while (!get(http, url + "/v1/jobs/" + id, "wait=30").contains("\"done\":true")) {
      // Asks again: the server answers when the job is done, or after the wait.
    }
  }

  private static void check(HttpClient http, String url, String id) throws Exception {
    String job = get(http, url + "/v1/jobs/" + id, "");
    String events = get(http, url + "/v1/jobs/" + id + "/events", "");
    int ends = events.split("\"type\":\"done\"", -1).length - 1;
    if (!job.contains("\"status\":\"succeeded\"") || ends != 1) {
      throw new IllegalStateException(id + " ended " + ends + " times: " + job);
    }
  }

  private static String id(HttpResponse<String> answer) {
    Matcher matcher = ID.matcher(answer.body());
    if (answer.statusCode() != 202 || !matcher.find()) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return matcher.group(1);
  }

  private static HttpResponse<String> post(HttpClient http, String url, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String get(HttpClient http, String url, String prefer) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (!prefer.isEmpty()) {
      request.header("Prefer", prefer);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
  }
}
