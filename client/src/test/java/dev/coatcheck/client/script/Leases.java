package dev.coatcheck.client.script;

import dev.coatcheck.client.script.ScriptedServer.Said;
import dev.coatcheck.client.script.ScriptedServer.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The server's side of the runner protocol, as little of it as the tests of a runner need. */
public final class Leases {

  private final BlockingQueue<String> offered = new LinkedBlockingQueue<>();
  private final AtomicInteger granted = new AtomicInteger();
  private final Map<String, String> stops = new ConcurrentHashMap<>();
  private final Map<String, String> endings = new ConcurrentHashMap<>();
  private final Map<String, Said> refusals = new ConcurrentHashMap<>();
  private final Map<String, List<JsonNode>> words = new ConcurrentHashMap<>();
  private final Map<String, List<String>> chunks = new ConcurrentHashMap<>();
  private final long leaseMillis;

  private Leases(long leaseMillis) {
    this.leaseMillis = leaseMillis;
  }

  /** Makes a server speak the protocol with leases of so long. */
  public static Leases on(ScriptedServer server, long leaseMillis) {
    Leases leases = new Leases(leaseMillis);
    server.usually("/v1/runners/lease", leases::lease);
    server.usually("/v1/runners/heartbeat", leases::heartbeat);
    for (String verb : List.of("complete", "fail", "busy", "suspend", "release")) {
      server.usually("/" + verb, call -> leases.end(token(call), call.body(), verb));
    }
    server.usually("/v1/leases:complete", leases::completeMany);
    for (String verb : List.of("log", "progress", "usage")) {
      server.usually(
          "/" + verb,
          call -> {
            leases.note(token(call), verb, call.body());
            return Said.ok("{\"state\":\"ok\"}");
          });
    }
    server.usually("/output", leases::output);
    return leases;
  }

  /** A job with this input waits for a runner. */
  public void offer(String input) {
    offer(input, "null");
  }

  /** A job that was suspended and goes on. */
  public void offer(String input, String resume) {
    offered.add(input + "\n" + resume);
  }

  /** The next heartbeat says so of the nth lease, from 1. */
  public void stop(int lease, String reason) {
    stops.put("lt_" + lease, reason);
  }

  /** That the nth lease is done is not taken. */
  public void refuse(int lease, Said refusal) {
    refusals.put("lt_" + lease, refusal);
  }

  /** How the nth lease ended: the verb, or empty. */
  public String ending(int lease) {
    return endings.getOrDefault("lt_" + lease, "");
  }

  /** How many leases have ended. */
  public int ended() {
    return endings.size();
  }

  /** What the nth lease has put out. */
  public List<String> chunks(int lease) {
    return chunks.getOrDefault("lt_" + lease, List.of());
  }

  /** What was last said with this verb about the nth lease. */
  public JsonNode told(int lease, String verb) {
    return words(lease, verb).getLast();
  }

  /** All that was said with this verb about the nth lease, alone or with others. */
  public List<JsonNode> words(int lease, String verb) {
    return words.getOrDefault("lt_" + lease + "/" + verb, List.of());
  }

  private void note(String token, String verb, JsonNode body) {
    words.computeIfAbsent(token + "/" + verb, none -> new CopyOnWriteArrayList<>()).add(body);
  }

  private Said lease(Seen call) throws InterruptedException {
    List<String> leases = new ArrayList<>();
    String wait = call.body().path("wait").asString();
    long millis = Long.parseLong(wait.substring(0, wait.length() - 2));
    String first = offered.poll(millis, TimeUnit.MILLISECONDS);
    while (first != null) {
      leases.add(grant(first));
      first = leases.size() < call.body().path("max").asInt() ? offered.poll() : null;
    }
    return Said.ok(
        "{\"runner\":\"run_1\",\"lease_duration_ms\":%d,\"heartbeat_interval_ms\":%d,\"leases\":[%s]}"
            .formatted(leaseMillis, leaseMillis / 3, String.join(",", leases)));
  }

  private String grant(String offer) {
    int number = granted.incrementAndGet();
    String[] parts = offer.split("\n");
    return """
    {"lease_token":"lt_%d","attempt":1,"expires_at":"2030-01-01T00:00:00.000Z",
     "run_timeout_ms":600000,"deadline_at":null,"traceparent":null,
     "job":{"id":"job_%d","worker":"enrich","worker_version":1,"input":%s,
            "metadata":{"user":"ada"},"priority":0,"created_at":"2030-01-01T00:00:00.000Z",
            "max_attempts":3},
     "callback":{"url":"http://127.0.0.1/v1/callbacks/cb_%d"},"resume":%s}
    """
        .formatted(number, number, parts[0], number, parts[1]);
  }

  private Said heartbeat(Seen call) {
    List<String> states = new ArrayList<>();
    for (JsonNode lease : call.body().path("leases")) {
      String token = lease.path("lease_token").asString();
      String reason = stops.get(token);
      states.add(
          reason == null
              ? "{\"lease_token\":\"%s\",\"state\":\"ok\",\"expires_at\":\"2030-01-01T00:00:00.000Z\"}"
                  .formatted(token)
              : "{\"lease_token\":\"%s\",\"state\":\"stop\",\"reason\":\"%s\"}"
                  .formatted(token, reason));
    }
    return Said.ok("{\"leases\":[" + String.join(",", states) + "]}");
  }

  private Said end(String token, JsonNode body, String verb) {
    note(token, verb, body);
    Said refusal = refusals.get(token);
    if (verb.equals("complete") && refusal != null) {
      return refusal;
    }
    String before = endings.putIfAbsent(token, verb);
    boolean repeated = verb.equals("complete") && verb.equals(before);
    return (before == null && !stops.containsKey(token)) || repeated
        ? Said.ok("{\"status\":\"succeeded\"}")
        : Said.problem(409, "lease_lost", Map.of("x-should-retry", "false"));
  }

  /** The usual answer to many at once. */
  public Said completeMany(Seen call) {
    List<String> answers = new ArrayList<>();
    for (JsonNode completion : call.body().path("completions")) {
      ObjectNode body = completion.asObject().deepCopy();
      String token = body.remove("lease_token").asString();
      answers.add(end(token, body, "complete").body());
    }
    return Said.ok("{\"data\":[" + String.join(",", answers) + "]}");
  }

  private Said output(Seen call) {
    List<String> all = chunks.computeIfAbsent(token(call), none -> new ArrayList<>());
    synchronized (all) {
      int offset = call.body().path("offset").asInt();
      if (offset > all.size()) {
        return Said.problem(409, "output_gap", Map.of("x-should-retry", "false"));
      }
      int at = offset;
      for (JsonNode chunk : call.body().path("chunks")) {
        if (at++ >= all.size()) {
          all.add(chunk.asString());
        }
      }
      return Said.ok("{\"next_offset\":" + all.size() + "}");
    }
  }

  private static String token(Seen call) {
    return call.path().split("/")[3];
  }
}
