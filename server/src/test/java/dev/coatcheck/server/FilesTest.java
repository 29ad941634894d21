package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.handler.Reply;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.testkit.ManualClock;
import dev.coatcheck.worker.WorkerSpec;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilesTest {

  private static final String READ = "read";
  private static final String SCHEMA =
      """
      {"type": "object", "additionalProperties": false, "required": ["file"],
       "properties": {"file": {"type": "string"}, "n": {"type": "integer"},
                      "deep": {"type": ["boolean", "null"]}, "text": {"type": "string"}}}\
      """;

  private final ManualClock clock = new ManualClock(java.time.Instant.now());
  private TestServer server;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.at(clock);
    client = server.client;
    server.serve(
        WorkerSpec.named(READ).inputSchema(Payload.utf8(SCHEMA)).build(),
        (context, input) -> {
          String id = Client.MAPPER.readTree(input.text()).path("file").asString();
          try (InputStream in = context.file(FileId.parse(id).orElseThrow()).open()) {
            return Reply.completed(
                Payload.utf8(
                    Client.MAPPER.writeValueAsString(
                        new String(in.readAllBytes(), StandardCharsets.UTF_8))));
          }
        });
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Client.Answer upload(String path, String type, String body) {
    return client.send(
        client
            .request(path)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private Client.Answer uploaded() {
    Client.Answer answer = upload("/v1/files?name=note.txt", "text/plain; charset=utf-8", "hello");
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer;
  }

  private static String path(Client.Answer file) {
    return file.get("urls").path("content").asString().replaceFirst("^https?://[^/]*", "");
  }

  private static String form(String... parts) {
    return "--b\r\n" + String.join("\r\n--b\r\n", parts) + "\r\n--b--\r\n";
  }

  private static String file(String name, String fileName, String content) {
    return "Content-Disposition: form-data; name=\""
        + name
        + "\"; filename=\""
        + fileName
        + "\"\r\nContent-Type: text/plain\r\n\r\n"
        + content;
  }

  private static String field(String name, String value) {
    return "Content-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value;
  }

  @Test
  void a_raw_body_becomes_a_file() {
    Client.Answer file = uploaded();

    assertThat(file.id()).matches("file_[0-7][0-9a-hjkmnp-tv-z]{25}");
    assertThat(file.header("Location")).isEqualTo(client.base + "/v1/files/" + file.id());
    assertThat(file.get("name").asString()).isEqualTo("note.txt");
    assertThat(file.get("content_type").asString()).isEqualTo("text/plain; charset=utf-8");
    assertThat(file.get("size").asInt()).isEqualTo(5);
    assertThat(file.get("sha256").asString())
        .isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    assertThat(client.get("/v1/files/" + file.id()).get("sha256")).isEqualTo(file.get("sha256"));
  }

  @Test
  void the_part_file_of_a_form_becomes_a_file() {
    Client.Answer file =
        upload(
            "/v1/files",
            "multipart/form-data; boundary=b",
            form(file("file", "größe 1.pdf", "hello\r\n--other")));

    assertThat(file.status()).as(file.text()).isEqualTo(201);
    assertThat(file.get("name").asString()).isEqualTo("größe 1.pdf");
    assertThat(file.get("content_type").asString()).isEqualTo("text/plain");
    assertThat(client.get(path(file)).text()).isEqualTo("hello\r\n--other");
  }

  @Test
  void a_form_with_anything_else_is_refused() {
    String type = "multipart/form-data; boundary=b";
    upload("/v1/files", type, form(file("file", "a", "x"), field("nam", "y")))
        .isProblem(400, "unknown_field");
    upload("/v1/files", type, form(field("file", "x"))).isProblem(400, "invalid_request");
    upload("/v1/files", type, form(file("file", "a", "x"), file("file", "b", "y")))
        .isProblem(400, "invalid_request");
    upload("/v1/files", type, form(file("file", "../../etc/passwd", "x")))
        .isProblem(400, "invalid_request");
    upload("/v1/files", "multipart/form-data", form(file("file", "a", "x")))
        .isProblem(400, "invalid_request");
    upload("/v1/files", type, "--b\r\n" + file("file", "a", "x")).isProblem(400, "invalid_request");
    upload("/v1/files", type, "nonsense").isProblem(400, "invalid_request");
    assertThat(server.blobs.sweep((tenant, digests) -> digests)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%2Fb", "..", "a%00b", "a%0Ab", "a%5Cb", "%E2%80%AEgpj.exe", "LONG"})
  void a_name_that_could_be_a_path_or_deceive_is_refused(String name) {
    String query = name.equals("LONG") ? "x".repeat(256) : name;
    Client.Answer answer = upload("/v1/files?name=" + query, "text/plain", "x");
    answer.isProblem(400, "invalid_request");
    assertThat(answer.pointers()).containsExactly("?name");
  }

  @Test
  void a_file_is_given_out_to_be_saved_and_never_to_be_shown() {
    Client.Answer html = upload("/v1/files?name=%C3%BC%22.html", "text/html", "<script>");
    Client.Answer content = client.get(path(html));

    assertThat(content.status()).isEqualTo(200);
    assertThat(content.text()).isEqualTo("<script>");
    assertThat(content.header("Content-Type")).isEqualTo("application/octet-stream");
    assertThat(content.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"__.html\"; filename*=UTF-8''%C3%BC%22.html");
    assertThat(content.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(content.header("Content-Security-Policy")).isEqualTo("sandbox");
    assertThat(content.header("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(content.header("Cache-Control")).isEqualTo("private");
    assertThat(client.get(path(uploaded())).header("Content-Type"))
        .isEqualTo("text/plain;charset=utf-8");
  }

  @Test
  void a_link_works_for_its_file_and_its_time_only() {
    Client.Answer file = uploaded();
    Client.Answer other = upload("/v1/files", "text/plain", "other");
    String link = path(file);

    assertThat(client.get(link).text()).isEqualTo("hello");
    Client.Answer head = client.method("HEAD", link);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length")).isEqualTo("5");
    client.get(link.replace(file.id(), other.id())).isProblem(403, "link_invalid");
    client.get(link + "A").isProblem(403, "link_invalid");
    client.get(link.replaceFirst("exp=\\d", "exp=9")).isProblem(403, "link_invalid");
    client.get(link.replaceFirst("&sig=.*", "")).isProblem(403, "link_invalid");
    client.get(link.replaceFirst("exp=\\d+", "exp=x")).isProblem(403, "link_invalid");
    clock.advance(Duration.ofHours(1));
    client.get(link).isProblem(403, "link_invalid");
    assertThat(client.get(path(client.get("/v1/files/" + file.id()))).text()).isEqualTo("hello");
  }

  @Test
  void a_link_needs_no_key_and_nothing_else_goes_without() throws Exception {
    String key = "k".repeat(40);
    try (TestServer closed = TestServer.with(Map.of("admin_key", key))) {
      HttpRequest.Builder request =
          closed
              .client
              .request("/v1/files")
              .header("X-Api-Key", key)
              .POST(HttpRequest.BodyPublishers.ofString("hello"));
      Client.Answer file = closed.client.send(request);

      assertThat(closed.client.get(path(file)).text()).isEqualTo("hello");
      closed.client.get(path(file) + "A").isProblem(403, "link_invalid");
      String bare = "/v1/files/" + file.id() + "/content";
      closed.client.get(bare).isProblem(401, "unauthenticated");
      assertThat(closed.client.get(bare, "X-Api-Key", key).text()).isEqualTo("hello");
      closed.client.get("/v1/files/" + file.id()).isProblem(401, "unauthenticated");
      closed.client.get("/v1/jobs?sig=x").isProblem(401, "unauthenticated");
    }
  }

  @Test
  void ranges_are_given() {
    String link = path(upload("/v1/files", "text/plain", "0123456789"));

    Client.Answer middle = client.get(link, "Range", "bytes=2-4");
    assertThat(middle.status()).isEqualTo(206);
    assertThat(middle.text()).isEqualTo("234");
    assertThat(middle.header("Content-Range")).isEqualTo("bytes 2-4/10");
    assertThat(client.get(link, "Range", "bytes=-3").text()).isEqualTo("789");
    assertThat(client.get(link, "Range", "bytes=7-99").text()).isEqualTo("789");
    assertThat(client.get(link, "Range", "bytes=0-0,5-5").status()).isEqualTo(200);
    assertThat(client.get(link, "Range", "lines=1-2").status()).isEqualTo(200);
    for (String wrong : List.of("bytes=10-", "bytes=5-2", "bytes=" + "0-0,".repeat(999) + "0-0")) {
      Client.Answer refused = client.get(link, "Range", wrong);
      refused.isProblem(416, "invalid_request");
      assertThat(refused.header("Content-Range")).isEqualTo("bytes */10");
    }
  }

  @Test
  void a_reader_that_has_the_bytes_is_told_so() {
    String link = path(uploaded());
    String tag = client.get(link).header("ETag");

    assertThat(client.get(link, "If-None-Match", tag).status()).isEqualTo(304);
    assertThat(client.get(link, "If-Range", tag, "Range", "bytes=1-1").status()).isEqualTo(206);
    assertThat(client.get(link, "If-Range", "\"x\"", "Range", "bytes=1-1").status()).isEqualTo(200);
  }

  @Test
  void a_file_that_is_too_large_is_refused_and_leaves_nothing() throws Exception {
    try (TestServer small = TestServer.with(Map.of("limits.upload", "2048"))) {
      String body = "x".repeat(2049);
      HttpRequest.Builder known =
          small.client.request("/v1/files").POST(HttpRequest.BodyPublishers.ofString(body));
      small.client.send(known).isProblem(413, "payload_too_large");
      HttpRequest.Builder chunked =
          small
              .client
              .request("/v1/files")
              .POST(
                  HttpRequest.BodyPublishers.ofInputStream(() ->
                      new java.io.ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))));
      small.client.send(chunked).isProblem(413, "payload_too_large");
      HttpRequest.Builder form =
          small
              .client
              .request("/v1/files")
              .header("Content-Type", "multipart/form-data; boundary=b")
              .POST(HttpRequest.BodyPublishers.ofString(form(file("file", "a", body))));
      small.client.send(form).isProblem(413, "payload_too_large");
    }
  }

  @Test
  void a_job_reads_the_file_that_its_input_names() {
    String id = client.submitted(READ, "{\"file\":\"" + uploaded().id() + "\"}");
    assertThat(client.until(id, "succeeded").get("output").asString()).isEqualTo("hello");
  }

  @Test
  void a_job_that_names_a_file_that_there_is_not_is_refused_where_it_names_it() {
    String unknown = "file_" + "0".repeat(26);
    Client.Answer refused = client.submit(READ, "{\"file\":\"" + unknown + "\"}");
    refused.isProblem(422, "validation_failed");
    assertThat(refused.pointers()).containsExactly("/input/file");
    Client.Answer deep = client.submit("echo", "{\"a\":[1,{\"b/c\":\"" + unknown + "\"}]}");
    assertThat(deep.isProblem(422, "validation_failed").pointers())
        .containsExactly("/input/a/1/b~1c");
    assertThat(client.submit("echo", "{\"a\":\"see " + unknown + "\"}").status()).isIn(200, 202);
  }

  @Test
  void a_file_lives_as_long_as_an_open_job_refers_to_it() throws Exception {
    Client.Answer file = uploaded();
    String job = client.submitted("held", "[\"" + file.id() + "\"]");
    clock.advance(Duration.ofDays(7).minusMinutes(1));
    client.until(job, "running");
    server.store.prune(100);
    assertThat(client.get("/v1/files/" + file.id()).status()).isEqualTo(200);
    clock.advance(Duration.ofMinutes(2));
    server.store.prune(100);
    assertThat(client.get("/v1/files/" + file.id()).status()).isEqualTo(200);
    client.post("/v1/jobs/" + job + "/cancel", "{}");
    clock.advance(Duration.ofHours(2));
    server.store.prune(100);
    client.get("/v1/files/" + file.id()).isProblem(404, "not_found");
  }

  @Test
  void a_form_is_the_input_of_a_job() {
    String parts =
        form(
            file("file", "a.txt", "hello"),
            field("n", "3"),
            field("deep", "true"),
            field("text", "12"));
    Client.Answer answer =
        upload("/v1/workers/read/jobs?priority=7", "multipart/form-data; boundary=b", parts);

    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    assertThat(answer.get("input").path("file").asString()).startsWith("file_");
    assertThat(answer.get("input").path("n").isInt()).isTrue();
    assertThat(answer.get("input").path("deep").isBoolean()).isTrue();
    assertThat(answer.get("input").path("text").asString()).isEqualTo("12");
    assertThat(answer.get("priority").asInt()).isEqualTo(7);
    assertThat(client.until(answer.id(), "succeeded").get("output").asString()).isEqualTo("hello");
  }

  @Test
  void the_same_form_under_the_same_key_is_the_same_job() {
    String path = "/v1/workers/read/jobs";
    Client.Answer first = keyed(path, form(file("file", "a.txt", "hello")));
    Client.Answer second = keyed(path, form(file("file", "a.txt", "hello")));
    Client.Answer other = keyed(path, form(file("file", "a.txt", "other")));

    assertThat(first.status()).as(first.text()).isEqualTo(202);
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    other.isProblem(422, "idempotency_key_reused");
  }

  private Client.Answer keyed(String path, String form) {
    return client.send(
        client
            .request(path)
            .header("Content-Type", "multipart/form-data; boundary=b")
            .header("Idempotency-Key", "k")
            .POST(HttpRequest.BodyPublishers.ofString(form)));
  }

  @Test
  void what_is_wrong_in_a_form_is_told_at_its_member() {
    String type = "multipart/form-data; boundary=b";
    Client.Answer wrong =
        upload(
            "/v1/workers/read/jobs",
            type,
            form(file("file", "a.txt", "hello"), field("n", "three"), field("m", "1")));
    wrong.isProblem(422, "validation_failed");
    assertThat(wrong.pointers()).containsExactlyInAnyOrder("/n", "/m");
  }

  @Test
  void a_quote_left_open_in_the_head_of_a_part_is_the_callers_fault() {
    String part =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filen\"\r\n\r\nhello\r\n--b--\r\n";
    upload("/v1/files", "multipart/form-data; boundary=b", part).isProblem(400, "invalid_request");
  }

  @Test
  void a_body_that_stops_coming_is_given_up_and_leaves_nothing() throws Exception {
    try (RawSocket socket = new RawSocket(server.server.port())) {
      socket.send(
          "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n1234567");
      RawSocket.Reply reply = socket.reply();
      assertThat(reply.status()).isEqualTo(408);
      assertThat(reply.body()).contains("request_timeout");
    }
  }
}
