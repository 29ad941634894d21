import dev.coatcheck.client.Coatcheck;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How soon one node knows what happens on another: jobs are handed in at the first, and awaited at
 * the second by a long poll; told are the milliseconds from the recorded end of a job to the answer,
 * and from the acceptance to the start. The clocks are those of one machine.
 *
 * <p>{@code java -cp 'server/target/lib/*:client/target/coatcheck-client-0.1.0-SNAPSHOT.jar'
 * bench/Nodes.java http://127.0.0.1:8081 http://127.0.0.1:8082 [JOBS [MILLIS OF A JOB]]}
 */
public class Nodes {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public static void main(String[] args) throws Exception {
    Coatcheck here = Coatcheck.connect(args[0]);
    int jobs = args.length > 2 ? Integer.parseInt(args[2]) : 300;
    int millis = args.length > 3 ? Integer.parseInt(args[3]) : 100;
    List<Long> heard = new ArrayList<>();
    List<Long> started = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      String id = here.submit("simulate", java.util.Map.of("duration_ms", millis)).id();
      String job = get(args[1] + "/v1/jobs/" + id);
      Instant now = Instant.now();
      if (!job.contains("\"status\":\"succeeded\"")) {
        throw new IllegalStateException(job);
      }
      heard.add(Duration.between(time(job, "finished_at"), now).toMillis());
      started.add(Duration.between(time(job, "created_at"), time(job, "started_at")).toMillis());
    }
    tell("from the end here to the answer there", heard);
    tell("from the acceptance to the start", started);
  }

  private static void tell(String what, List<Long> millis) {
    millis.sort(null);
    System.out.printf(
        "%s: p50 %d, p99 %d, most %d ms (%d jobs)%n",
        what,
        millis.get(millis.size() / 2),
        millis.get(millis.size() * 99 / 100),
        millis.getLast(),
        millis.size());
  }

  private static Instant time(String job, String member) {
    Matcher found = Pattern.compile("\"" + member + "\":\"([^\"]+)\"").matcher(job);
    if (!found.find()) {
      throw new IllegalStateException(member + " is not in " + job);
    }
    return Instant.parse(found.group(1));
  }

  private static String get(String url) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).header("Prefer", "wait=30").GET().build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
