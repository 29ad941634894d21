package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.coatcheck.Engine;
import dev.coatcheck.server.config.ConfigLoader;
import dev.coatcheck.server.config.ServerConfig;
import dev.coatcheck.server.contract.WorkerContracts;
import dev.coatcheck.server.edge.Edge;
import dev.coatcheck.server.files.FileDesk;
import dev.coatcheck.server.files.Links;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.http.Waits;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.metrics.Metrics;
import dev.coatcheck.server.secret.SecretKey;
import dev.coatcheck.testkit.InMemoryStore;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The description of the API says what the server does, no more and no less. */
class OpenApiTest {

  private static final String AT = "https://coatcheck.dev/openapi";
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");

  private static TestServer server;
  private static Client client;
  private static JsonNode description;
  private static SchemaRegistry schemas;
  private final Set<String> toured = new HashSet<>();

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    client = server.client;
    // The served text, so that what is packaged is what is tested.
    description = new YAMLMapper().readTree(client.get("/v1/openapi.yaml").text());
    schemas =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemas(Map.of(AT, description.toString())));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void every_route_is_described_and_every_description_has_a_route() {
    Set<String> described = new TreeSet<>();
    description
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .propertyNames()
                .forEach(method -> {
                  if (METHODS.contains(method)) {
                    described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                  }
                }));
    Set<String> routes = new TreeSet<>();
    for (Route route : routes()) {
      routes.add(route.method() + " " + route.path());
    }
    assertThat(described).isEqualTo(routes);
  }

  private static List<Route> routes() {
    ServerConfig config = ConfigLoader.load(Optional.empty(), Map.of(), Map.of());
    Engine engine = Engine.start(InMemoryStore.open(InstantSource.system(), new SecureRandom()));
    try (Edge edge = new Edge(config, SecretKey.of("secret"))) {
      FileDesk files =
          new FileDesk(
              engine.files(),
              new Links(SecretKey.of("secret"), config.linkTtl()),
              engine::now,
              config.uploadMax(),
              config.bodyMax());
      Desk desk =
          new Desk(
              engine, new WorkerContracts(engine.catalog()), files, new Waits(), new Metrics());
      List<Route> routes = new ArrayList<>(Routes.api(desk, files, edge, config));
      routes.add(Routes.backup(Optional.empty()));
      return routes;
    } finally {
      engine.close();
    }
  }

  @Test
  void every_code_of_problems_is_described() {
    Set<String> described = new TreeSet<>();
    description
        .at("/components/schemas/Problem/properties/code/enum")
        .forEach(code -> described.add(code.asString()));
    Set<String> codes = new TreeSet<>();
    Arrays.stream(ProblemCode.values()).forEach(code -> codes.add(code.wire()));
    assertThat(described).isEqualTo(codes);
  }

  @Test
  void the_answers_of_a_tour_have_the_described_form() throws Exception {
    get("/health/live", "/health/live");
    get("/health/ready", "/health/ready");
    get("/v1/system", "/v1/system");
    post("/v1/backup", "/v1/backup", "");
    get("/v1/workers", "/v1/workers");
    get("/v1/workers/{worker}", "/v1/workers/strict");
    get("/v1/workers/{worker}", "/v1/workers/nobody");
    String submission =
        "{\"worker\":\"held\",\"input\":{\"a\":[1.5,null]},\"metadata\":{\"user\":\"u\"},\"priority\":3}";
    Client.Answer open = post("/v1/jobs", "/v1/jobs", submission);
    client.until(open.id(), "running");
    get("/v1/jobs/{id}", "/v1/jobs/" + open.id());
    Client.Answer file = post("/v1/files", "/v1/files?name=a.json", "{}");
    get("/v1/files/{id}", "/v1/files/" + file.id());
    get("/v1/files/{id}", "/v1/files/" + open.id());
    get("/v1/files/{id}/content", "/v1/files/" + file.id() + "/content");
    get("/v1/files/{id}/content", "/v1/files/" + file.id() + "/content?exp=1&sig=x");
    post("/v1/files", "/v1/files?nam=a.json", "{}");
    get("/v1/jobs/{id}/result", "/v1/jobs/" + open.id() + "/result");
    post("/v1/jobs/{id}/retry", "/v1/jobs/" + open.id() + "/retry", "{}");
    post("/v1/jobs/{id}/cancel", "/v1/jobs/" + open.id() + "/cancel", "{}");
    get("/v1/jobs/{id}/result", "/v1/jobs/" + open.id() + "/result");
    post("/v1/jobs/{id}/retry", "/v1/jobs/" + open.id() + "/retry", "{\"worker\":\"echo\"}");
    Client.Answer broken = post("/v1/workers/{worker}/jobs", "/v1/workers/broken/jobs", "{}");
    client.until(broken.id(), "failed");
    Client.Answer late =
        post("/v1/jobs", "/v1/jobs", "{\"worker\":\"echo\",\"input\":1,\"delay\":\"1h\"}");
    for (String id : List.of(open.id(), broken.id(), late.id())) {
      for (String part : List.of("", "/attempts", "/debug", "/events", "/result")) {
        get("/v1/jobs/{id}" + part, "/v1/jobs/" + id + part);
      }
    }
    get("/v1/jobs/{id}", "/v1/jobs/job_00000000000000000000000000");
    get("/v1/jobs/{id}", "/v1/jobs/job_x");
    get("/v1/jobs/{id}/events", "/v1/jobs/" + open.id() + "/events?after=x");
    get("/v1/jobs", "/v1/jobs?limit=2&include=input,output");
    get("/v1/jobs", "/v1/jobs?limit=0");
    post("/v1/jobs", "/v1/jobs", "{\"worker\":\"strict\",\"input\":{}}");
    post("/v1/jobs", "/v1/jobs", "{");
    post("/v1/jobs", "/v1/jobs", "{\"x\":1}");
    tourMany(broken.id());
    String bulk = "/v1/jobs:bulk";
    String items =
        "{\"jobs\":[{\"worker\":\"echo\",\"input\":1},{\"worker\":\"strict\",\"input\":{}}]}";
    post(bulk, bulk, items);
    post(bulk, bulk + "?atomic=true", items);
    post(bulk, bulk, "{\"jobs\":1}");
    get("/metrics", "/metrics");
    get("/v1/openapi.yaml", "/v1/openapi.yaml");
    tourSchedules();
    tourRunners();
    try (SseReader stream = new SseReader(client, "/v1/jobs/" + open.id() + "/events")) {
      for (SseReader.Event event : stream.all()) {
        String schema = event.type().equals("snapshot") ? "SnapshotEvent" : "Event";
        check("#/components/schemas/" + schema, event.data());
      }
    }
    Set<String> all = new HashSet<>();
    routes().forEach(route -> all.add(route.method() + " " + route.path()));
    assertThat(toured).isEqualTo(all);
  }

  private void tourSchedules() {
    String route = "/v1/schedules/{name}";
    String path = "/v1/schedules/often";
    String full =
        "{\"worker\":\"echo\",\"input\":[1],\"every\":\"1s\",\"options\":{\"deadline\":\"1h\","
            + "\"metadata\":{\"k\":\"v\"}}}";
    checked("put", route, client.put(path, full));
    checked("put", route, client.put(path, full));
    checked("put", route, client.put(path, "{\"every\":1}"));
    checked("put", route, client.put(path, "{\"worker\":\"no\",\"input\":1,\"every\":\"1s\"}"));
    Awaitility.await().until(() -> client.get(path).get("last").isObject());
    get(route, path);
    get(route, "/v1/schedules/none");
    get("/v1/schedules", "/v1/schedules?limit=1");
    get("/v1/schedules", "/v1/schedules?cursor=*");
    Client.Answer job = post(route + "/run", path + "/run", "{}");
    get("/v1/jobs/{id}", "/v1/jobs/" + job.id());
    checked("delete", route, client.delete(path));
    checked("delete", route, client.delete(path));
  }

  private void tourMany(String dead) {
    String letters = "/v1/dead-letters";
    get(letters, letters + "?limit=1&worker=broken");
    get(letters, letters + "?state=lost");
    get(letters + "/groups", letters + "/groups");
    get(letters + "/groups", letters + "/groups?code=x");
    String ids = "{\"ids\":[\"" + dead + "\"]";
    String redrive = letters + ":redrive";
    post(redrive, redrive, ids + ",\"dry_run\":true}");
    post(redrive, redrive, ids + "}");
    post(redrive, redrive, ids + "}");
    post(redrive, redrive, ids + ",\"worker\":\"nobody\"}");
    post(redrive, redrive, "{}");
    post(redrive, redrive, "{\"filter\":{\"x\":1}}");
    Client.Answer begun = post(redrive, redrive, "{\"filter\":{\"worker\":\"echo\"}}");
    get("/v1/operations/{id}", "/v1/operations/" + begun.id());
    get("/v1/operations/{id}", "/v1/operations/op_x");
    String discard = letters + ":discard";
    post(discard, discard, ids + "}");
    post(discard, discard, "{\"filter\":{},\"dry_run\":true}");
    String cancel = "/v1/jobs:cancel";
    post(cancel, cancel, ids + "}");
    post(cancel, cancel, ids + ",\"dry_run\":true}");
    post(cancel, cancel, "{\"filter\":{\"worker\":\"nobody\"}}");
    post(cancel, cancel, "{\"filter\":{\"metadata.color\":\"red\"}}");
  }

  private void tourRunners() {
    String worker = "/v1/workers/{worker}";
    String outside = "/v1/workers/outside";
    String definition =
        "{\"kind\":\"pull\",\"retry\":{\"base\":\"0ms\",\"max\":\"0ms\"}"
            + ",\"output_schema\":{\"type\":\"object\"}}";
    checked("put", worker, client.put(outside, definition));
    checked("put", worker, client.put(outside, definition));
    checked("put", worker, client.put(outside, "{\"kind\":\"push\"}"));
    checked("put", worker, client.put("/v1/workers/echo", definition));
    post(worker + "/pause", outside + "/pause", "{}");
    get(worker, outside);
    post(worker + "/resume", outside + "/resume", "{}");
    String lease = "/v1/runners/lease";
    post(lease, lease, "{\"workers\":[\"outside\"]}");
    post(lease, lease, "{\"workers\":[\"echo\"]}");
    Client.Answer file = client.post("/v1/files?name=a.json", "{}");
    String[][] ends = {
      {"complete", "{\"output\":{},\"files\":[\"" + file.id() + "\"]}"},
      {"complete", "{\"output\":1}"},
      {"fail", "{\"error\":{}}"},
      {"fail", "{\"error\":{},\"retryable\":false}"},
      {"busy", "{}"},
      {"release", "{}"},
      {"suspend", "{\"timeout\":\"1h\"}"}
    };
    for (String[] end : ends) {
      tourLease(end[0], end[1]);
    }
    String many = "/v1/leases:complete";
    post(many, many, "{\"completions\":[{\"lease_token\":\"lt_x\"}]}");
    post(many, many, "{\"completions\":[{\"lease_token\":\"" + leased() + "\",\"output\":{}}]}");
    post(many, many, "{}");
    checked("delete", worker, client.delete("/v1/workers/echo"));
    checked("delete", worker, client.delete(outside));
  }

  private static String leased() {
    client.submitted("outside", "1");
    return client
        .post("/v1/runners/lease", "{\"workers\":[\"outside\"],\"wait\":\"10s\"}")
        .at("/leases/0/lease_token")
        .asString();
  }

  private void tourLease(String verb, String body) {
    String id = client.submitted("outside", "1");
    String lease = "/v1/runners/lease";
    Client.Answer given =
        post(lease, lease, "{\"workers\":[\"outside\"],\"wait\":\"10s\",\"max\":1}");
    String runner = given.get("runner").asString();
    String token = given.at("/leases/0/lease_token").asString();
    say(token, "progress", "{\"fraction\":0.5}");
    say(token, "log", "{\"lines\":[{\"message\":\"m\"}]}");
    say(token, "output", "{\"offset\":0,\"chunks\":[\"a\"]}");
    say(token, "output", "{\"offset\":9,\"chunks\":[\"a\"]}");
    say(token, "usage", "{\"usage\":{\"input_tokens\":1}}");
    String heartbeat = "/v1/runners/heartbeat";
    String beat = "{\"runner\":\"" + runner + "\",\"leases\":[{\"lease_token\":\"" + token + "\"},";
    post(heartbeat, heartbeat, beat + "{\"lease_token\":\"lt_x\"}]}");
    say(token, verb, body);
    say(token, verb, "{\"x\":1}");
    say(token, "release", "{}");
    String url = given.at("/leases/0/callback/url").asString().substring(client.base.length());
    post("/v1/callbacks/{token}", url + "?event=progress", "{\"fraction\":0.6}");
    post("/v1/callbacks/{token}", url, "{}");
    post("/v1/callbacks/{token}", "/v1/callbacks/cb_x", "{}");
    for (String part : List.of("", "/attempts", "/debug", "/events")) {
      get("/v1/jobs/{id}" + part, "/v1/jobs/" + id + part);
    }
    client.post("/v1/jobs/" + id + "/cancel", "{}");
    get("/v1/jobs/{id}", "/v1/jobs/" + id);
  }

  private void say(String token, String verb, String body) {
    post("/v1/leases/{token}/" + verb, "/v1/leases/" + token + "/" + verb, body);
  }

  private Client.Answer get(String route, String path) {
    return checked("get", route, client.get(path));
  }

  private Client.Answer post(String route, String path, String body) {
    return checked("post", route, client.post(path, body));
  }

  private Client.Answer checked(String method, String route, Client.Answer answer) {
    toured.add(method.toUpperCase(Locale.ROOT) + " " + route);
    String type = answer.header("Content-Type").split(";", -1)[0];
    if (answer.status() == 204) {
      return answer;
    }
    String at = "/paths/" + route.replace("/", "~1") + "/" + method + "/responses/";
    String response = at + answer.status();
    if (description.at(response).isMissingNode()) {
      response = at + "default";
    }
    JsonNode reference = description.at(response).path("$ref");
    if (!reference.isMissingNode()) {
      response = reference.asString().substring(1);
    }
    boolean any = !description.at(response + "/content/*~1*").isMissingNode();
    String schema = response + "/content/" + (any ? "*/*" : type).replace("/", "~1") + "/schema";
    assertThat(description.at(schema).isMissingNode())
        .as(schema + " of " + answer.text())
        .isFalse();
    if (type.endsWith("json") && !any) {
      check("#" + schema, answer.json());
    }
    return answer;
  }

  private static void check(String place, JsonNode value) {
    Schema schema =
        schemas.getSchema(SchemaLocation.of(AT + place.replace("{", "%7B").replace("}", "%7D")));
    assertThat(schema.validate(value)).as(place + ": " + value).isEmpty();
  }
}
