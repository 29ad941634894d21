package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** A runner elsewhere, as far as a test needs one. */
final class Runner {

  /** A pull worker with every default. */
  static final String OUTSIDE = "outside";

  private final Client client;
  private String id = "";

  Runner(Client client) {
    this.client = client;
  }

  /** Defines a pull worker. */
  static void define(Client client, String name, String members) {
    Client.Answer answer =
        client.put(
            "/v1/workers/" + name,
            "{\"kind\":\"pull\"" + (members.isEmpty() ? "" : "," + members) + "}");
    assertThat(answer.status()).as(answer.text()).isIn(200, 201);
  }

  /** A job on loan. */
  record Lease(Client client, JsonNode json) {

    String token() {
      return json.path("lease_token").asString();
    }

    String job() {
      return json.at("/job/id").asString();
    }

    /** Path and query of the URL to call back. */
    String callback() {
      String url = json.at("/callback/url").asString();
      return url.substring(client.base.length());
    }

    Client.Answer say(String verb, String body) {
      return client.post("/v1/leases/" + token() + "/" + verb, body);
    }
  }

  Client.Answer ask(String worker, int max, String wait) {
    String runner = id.isEmpty() ? "null" : "\"" + id + "\"";
    Client.Answer answer =
        client.post(
            "/v1/runners/lease",
            "{\"runner\":"
                + runner
                + ",\"workers\":[\""
                + worker
                + "\"],\"max\":"
                + max
                + ",\"wait\":\""
                + wait
                + "\"}");
    if (answer.status() == 200) {
      id = answer.get("runner").asString();
    }
    return answer;
  }

  List<Lease> leases(String worker, int max) {
    Client.Answer answer = ask(worker, max, "10s");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.get("leases").valueStream().map(json -> new Lease(client, json)).toList();
  }

  Lease lease(String worker) {
    List<Lease> leases = leases(worker, 1);
    assertThat(leases).hasSize(1);
    return leases.getFirst();
  }

  Client.Answer heartbeat(String leases) {
    return client.post(
        "/v1/runners/heartbeat", "{\"runner\":\"" + id + "\",\"leases\":[" + leases + "]}");
  }

  String id() {
    return id;
  }
}
