package dev.coatcheck.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.JobStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Whatever a job says is shown as text: it never becomes a part of the page, and never runs. */
@Tag("browser")
class HostileContentTest {

  private static final long SEED = 20_261_125;
  private static final int PAYLOADS = 208;
  private static final int A_JOB = 8;
  private static final JsonMapper MAPPER = new JsonMapper();

  private static final List<String> OPENINGS =
      List.of(
          "",
          "\"",
          "'",
          "`",
          "\">",
          "'>",
          "-->",
          "]]>",
          "</title>",
          "</textarea>",
          "</script>",
          "</pre></code>",
          "</time>",
          "\r\nevent: jobs\r\ndata: ",
          "\rdata: ",
          "\n\n",
          "&lt;",
          "\u2028",
          "\\u003c",
          "${",
          "{{");
  private static final List<String> ATTACKS =
      List.of(
          "<script>hit(%d)</script>",
          "<img src=x onerror=hit(%d)>",
          "<svg onload=hit(%d)>",
          "<svg><script>hit(%d)</script></svg>",
          "<iframe srcdoc=\"<script>parent.hit(%d)</script>\"></iframe>",
          "<a href=\"javascript:hit(%d)\" autofocus onfocus=hit(0)>here</a>",
          "javascript:hit(%d)",
          "<details open ontoggle=hit(%d)>",
          "<body onload=hit(%d)>",
          "<math><mtext><img src=x onerror=hit(%d)></mtext></math>",
          "<style>@import 'x'</style><p hx-on:click=hit(%d)>",
          "<div hx-get=/v1/jobs hx-trigger=load hx-swap=innerHTML>%d</div>",
          "<meta http-equiv=refresh content=\"0;url=javascript:hit(%d)\">",
          "<form action=javascript:hit(%d)><button>go</button></form>",
          "<base href=//evil.example/%d/>",
          "<object data=javascript:hit(%d)></object>",
          "<input autofocus onfocus=hit(%d)>",
          "<template><script>hit(%d)</script></template>",
          "onmouseover=hit(%d) x=",
          "<scr<script>ipt>hit(%d)</scr</script>ipt>");

  @TempDir static Path folder;
  private static Site site;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    site = Site.start(folder);
    browser = Browser.open(site);
    // Seen by every page before anything of it is read.
    browser.driver.executeCdpCommand(
        "Page.addScriptToEvaluateOnNewDocument",
        Map.of("source", "window.hits = []; window.hit = (which) => window.hits.push(which);"));
  }

  @AfterAll
  static void stop() {
    browser.close();
    site.close();
  }

  private static List<String> payloads() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    List<String> payloads = new ArrayList<>();
    for (int i = 0; i < PAYLOADS; i++) {
      String opening = OPENINGS.get(random.nextInt(OPENINGS.size()));
      payloads.add(opening + ATTACKS.get(i % ATTACKS.size()).formatted(i));
    }
    return payloads;
  }

  @Test
  void nothing_that_a_job_says_runs_or_becomes_a_part_of_the_page() throws Exception {
    List<String> payloads = payloads();
    assertThat(payloads).hasSizeGreaterThanOrEqualTo(200).doesNotHaveDuplicates();
    for (int from = 0; from < payloads.size(); from += A_JOB) {
      List<String> some = payloads.subList(from, from + A_JOB);
      boolean fail = from / A_JOB % 3 == 0;
      String id = submit(some, fail);
      assertThat(site.await(id).status()).isEqualTo(fail ? JobStatus.FAILED : JobStatus.SUCCEEDED);
      for (String path : List.of("/jobs/" + id, "/jobs/" + id + "/edit")) {
        browser.go(path);
        isHarmless(path);
      }
      browser.go("/jobs/" + id);
      String shown = String.valueOf(browser.run("return document.body.textContent"));
      for (String payload : some) {
        String json = MAPPER.writeValueAsString(payload);
        assertThat(plain(shown))
            .containsAnyOf(plain(payload), plain(json.substring(1, json.length() - 1)));
      }
    }
    browser.go("/");
    browser.untilText("#jobs", "parrot");
    isHarmless("/");
    browser.isQuiet();
  }

  /** One job that says all of these, in every place that a job has. */
  private static String submit(List<String> payloads, boolean fail) {
    ObjectNode input = MAPPER.createObjectNode().put("fail", fail);
    input.put("say", payloads.get(0));
    input.put("text", payloads.get(1));
    input.put("title", payloads.get(2)).put("summary", payloads.get(3));
    input.putArray("key_points").add(payloads.get(4));
    input.putArray("keywords").addObject().put("term", payloads.get(5)).put("score", 1);
    input
        .putArray("sentences")
        .addObject()
        .put("text", payloads.get(3))
        .put("rank", 1)
        .put("page", 2);
    input.put("file", payloads.get(6));
    input.put(payloads.get(7), "a member's name");
    return site.submit(
            Site.PARROT,
            input,
            Map.of("user", printable(payloads.get(0)), printable(payloads.get(1)), "key"))
        .path("id")
        .asString();
  }

  /** What metadata may hold. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }

  /** Line breaks are shown as the browser shows them. */
  private static String plain(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  private static void isHarmless(String path) {
    assertThat((List<?>) browser.run("return window.hits")).as(path).isEmpty();
    assertThat(
            (List<?>)
                browser.run(
                    """
                    return [...document.querySelectorAll("body *")].filter((each) =>
                      /^(script|iframe|object|style|base|meta|math|template)$/i.test(each.localName)
                      || (each.localName === "img" && !each.closest(".brand"))
                      || (each.localName === "svg" && !each.matches(".timeline"))
                      || [...each.attributes].some((attribute) => /^on|^hx-on/.test(attribute.name))
                      || (each.href && !/^http:/.test(String(each.href.baseVal ?? each.href)))
                      || (each.matches("form") && !/^http:/.test(each.action))
                    ).map((each) => each.outerHTML.slice(0, 200));
                    """))
        .as(path)
        .isEmpty();
  }

  @Test
  void what_comes_while_the_page_is_open_is_taken_as_text_too() throws Exception {
    List<String> payloads = payloads();
    ObjectNode input = MAPPER.createObjectNode();
    payloads.forEach(input.put("hold", true).putArray("lines")::add);
    String id = site.submit(Site.PARROT, input, Map.of()).path("id").asString();
    browser.go("/jobs/" + id);
    browser.untilText("h1 + span", "running");
    browser.run("window.opened = document.getElementById('events').children.length");
    site.go();
    browser.untilText("h1 + span", "succeeded");
    browser.untilText("#events", "done");
    assertThat((Long) browser.run("return document.getElementById('events').children.length"))
        .isGreaterThan((Long) browser.run("return window.opened + arguments[0]", 150));
    String streamed = String.valueOf(browser.run("return streamed.textContent"));
    assertThat(plain(streamed)).contains(plain(String.join("", payloads.subList(150, 208))));
    isHarmless("/jobs/" + id);
    browser.isQuiet();
  }

  @Test
  void a_list_that_is_open_takes_what_comes_as_text_too() {
    browser.go("/?worker=parrot");
    for (String payload : payloads().subList(0, 20)) {
      ObjectNode input = MAPPER.createObjectNode().put("say", payload).put("fail", false);
      site.submit(Site.PARROT, input, Map.of("user", printable(payload)));
    }
    browser.untilText("tr.new", "parrot");
    browser.untilText("tr.new .tag", "hit(19)");
    isHarmless("/");
    browser.isQuiet();
  }

  @Test
  void what_a_url_says_is_shown_as_text_too() {
    for (String payload : payloads().subList(0, 20)) {
      String said = URLEncoder.encode(payload, StandardCharsets.UTF_8);
      for (String path :
          List.of(
              "/?worker=" + said,
              "/?metadata.user=" + said,
              "/?status=" + said,
              "/?created_after=" + said,
              "/?" + said + "=1",
              "/jobs/" + said.replace("+", "%20"),
              "/workers/" + said.replace("+", "%20"))) {
        browser.go(path);
        if (String.valueOf(browser.run("return document.contentType")).equals("text/html")) {
          isHarmless(path);
        }
      }
    }
    // Pages that refuse are noted by the browser; anything else would be a fault.
    for (LogEntry entry : browser.driver.manage().logs().get(LogType.BROWSER)) {
      assertThat(entry.getMessage()).contains("the server responded with a status of 4");
    }
  }
}
