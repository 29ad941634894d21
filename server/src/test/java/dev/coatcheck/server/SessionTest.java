package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A browser before a closed server. */
class SessionTest {

  private static final String KEY = "a key of forty characters, that is enough";

  private TestServer server;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.with(Map.of("admin_key", KEY));
    client = server.client;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Client.Answer form(String path, String body, String... headers) {
    HttpRequest.Builder request =
        client
            .request(path)
            .header("Accept", "text/html")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return client.send(headers.length == 0 ? request : request.headers(headers));
  }

  private String session() {
    Client.Answer answer = form("/login", "key=" + KEY.replace(" ", "+").replace(",", "%2C"));
    assertThat(answer.status()).isEqualTo(303);
    assertThat(answer.header("Location")).isEqualTo("/");
    String cookie = answer.header("Set-Cookie");
    assertThat(cookie).contains("; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200");
    return cookie.substring(0, cookie.indexOf(';'));
  }

  @Test
  void a_page_leads_to_the_sign_in_and_the_api_does_not() {
    Client.Answer page = client.get("/", "Accept", "text/html");
    assertThat(page.status()).isEqualTo(303);
    assertThat(page.header("Location")).isEqualTo("/login");
    client.get("/v1/jobs", "Accept", "text/html").isProblem(401, "unauthenticated");
    client.get("/pages/jobs/stream").isProblem(401, "unauthenticated");
    assertThat(client.get("/login", "Accept", "text/html").text()).contains("name=\"key\"");
  }

  @Test
  void the_key_opens_a_session_that_pages_and_the_api_take() {
    String session = session();

    assertThat(client.get("/", "Accept", "text/html", "Cookie", session).status()).isEqualTo(200);
    assertThat(client.get("/v1/jobs", "Cookie", "a=b; " + session).status()).isEqualTo(200);
    assertThat(form("/logout", "", "Cookie", session).header("Set-Cookie"))
        .startsWith("coatcheck_session=; ")
        .contains("Max-Age=0");
  }

  @Test
  void a_wrong_key_opens_nothing() {
    Client.Answer refused = form("/login", "key=wrong");
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.header("Set-Cookie")).isEmpty();
    assertThat(refused.text()).contains("That is not the key.");
  }

  @Test
  void an_altered_session_is_none() {
    String session = session();
    String[] wrong = {
      session + "A",
      session.replaceFirst("=\\d", "=9"),
      "coatcheck_session=",
      "coatcheck_session=.",
      "coatcheck_session=99999999999.",
      "x" + session
    };
    for (String each : wrong) {
      client.get("/v1/jobs", "Cookie", each).isProblem(401, "unauthenticated");
    }
  }

  @Test
  void a_session_does_nothing_for_other_sites() {
    String session = session();
    String job = "{\"worker\":\"echo\",\"input\":1}";

    client
        .post("/v1/jobs", job, "Cookie", session, "Origin", "https://evil.example")
        .isProblem(403, "cross_origin");
    client
        .post("/v1/jobs", job, "Cookie", session, "Origin", "null")
        .isProblem(403, "cross_origin");
    client
        .get("/v1/jobs", "Cookie", session, "Sec-Fetch-Site", "cross-site")
        .isProblem(403, "cross_origin");
    assertThat(client.post("/v1/jobs", job, "Cookie", session, "Origin", client.base).status())
        .isIn(200, 202);
  }

  @Test
  void an_open_server_has_no_use_for_a_key() throws Exception {
    try (TestServer open = TestServer.start()) {
      Client.Answer page = open.client.get("/login", "Accept", "text/html");
      assertThat(page.status()).isEqualTo(303);
      assertThat(page.header("Location")).isEqualTo("/");
    }
  }
}
