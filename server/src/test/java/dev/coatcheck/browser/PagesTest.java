package dev.coatcheck.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.JobStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What people do on the pages. */
@Tag("browser")
class PagesTest {

  private static final String TEXT =
      "A ticket is a promise. The coat hangs safely while its owner dances. "
          + "Nobody has to stand in a queue with a coat on the arm. "
          + "When the evening ends, the ticket brings the coat back. "
          + "A lost ticket is a long conversation.";

  @TempDir static Path folder;
  private static Site site;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    site = Site.start(folder);
    browser = Browser.open(site);
  }

  @AfterAll
  static void stop() {
    browser.close();
    site.close();
  }

  @AfterEach
  void the_browser_has_no_complaint() {
    browser.isQuiet();
  }

  @Test
  void a_summary_is_ordered_by_the_form_and_read_as_an_article() {
    browser.go("/workers/summarize/new");
    browser.type("/input/text", TEXT);
    browser.type("/input/sentences", "2");
    browser.click("Submit job");
    browser.untilPath("/jobs/job_\\w+");
    browser.untilText("h1 + span", "succeeded");
    browser.untilText(".article p", "ticket");
    assertThat(browser.all(".article p:not(.dots) > span")).hasSize(2);
    assertThat(browser.find(".article .dots").getText()).contains("language en");
  }

  @Test
  void progress_events_and_streamed_output_are_shown_as_they_come() throws Exception {
    String id =
        site.submit(
            "simulate",
            "{\"duration_ms\":3000,\"steps\":20,\"stream\":{\"chunks\":6,\"text\":\"tick tock \"}}");
    browser.go("/jobs/" + id);
    WebElement input = browser.find("section[aria-labelledby=input-title] details.raw");
    input.findElement(By.tagName("summary")).click();
    browser.untilText("#percent", "%");
    browser.untilText("#stage", "working");
    browser.untilText("#streamed", "tick tock");
    browser.untilText("h1 + span", "succeeded");
    browser.untilText("#events", "done");
    browser.untilText("#result-title", "Result");
    assertThat(browser.all("#bar")).isEmpty();
    assertThat(input.getDomProperty("open")).as("what was opened stays open").isEqualTo("true");
    assertThat(site.await(id).status()).isEqualTo(JobStatus.SUCCEEDED);
  }

  @Test
  void a_running_job_is_canceled_after_a_second_click() throws Exception {
    String id = site.submit("simulate", "{\"duration_ms\":600000}");
    browser.go("/jobs/" + id);
    browser.click("Cancel");
    browser.click("Cancel this job");
    browser.untilText("h1 + span", "canceled");
    assertThat(site.await(id).status()).isEqualTo(JobStatus.CANCELED);
  }

  @Test
  void a_failed_job_is_retried_as_it_was_and_with_another_input() throws Exception {
    String id =
        site.submit(
            "simulate",
            "{\"duration_ms\":1,\"fail\":{\"attempts\":-1,\"retryable\":false,\"message\":\"no luck\"}}");
    site.await(id);
    browser.go("/jobs/" + id);
    assertThat(browser.find(".problem").getText()).contains("worker_error").contains("no luck");
    browser.click("Retry");
    browser.untilPath("/jobs/(?!" + id + ").*");
    browser.untilText("h1 + span", "failed");
    assertThat(browser.find("#job-side").getText()).contains("Retry of");
    browser.click("Edit and retry");
    assertThat(browser.field("/input/fail/message").getDomProperty("value")).isEqualTo("no luck");
    browser.field("/input/fail/attempts").clear();
    browser.type("/input/fail/attempts", "0");
    browser.click("Retry with this input");
    browser.untilText("h1 + span", "succeeded");
    browser.go("/jobs/" + id);
    assertThat(browser.find("#job-side").getText()).contains("Retried by");
  }

  @Test
  void what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept() {
    browser.go("/workers/summarize/new");
    browser.type("/input/text", "Some text.");
    browser.type("/input/sentences", "500");
    browser.type("/input/language", "klingon");
    browser.click("Options of the job");
    browser.type("/delay", "soon");
    browser.click("Submit job");
    browser.untilText("#faults", "sentences");
    assertThat(browser.find("#f-input-sentences-fault").getText()).contains("50");
    assertThat(browser.find("#f-input-language-fault").isDisplayed()).isTrue();
    assertThat(browser.find("#f-delay-fault").getText()).contains("unit");
    assertThat(browser.field("/input/text").getDomProperty("value")).isEqualTo("Some text.");
    assertThat(browser.field("/input/sentences").getDomProperty("value")).isEqualTo("500");
    assertThat(browser.field("/delay").getDomProperty("value")).isEqualTo("soon");
    assertThat(browser.run("return document.activeElement.id")).isEqualTo("faults");
    // A page that says what is wrong has the status 422, which the browser notes.
    browser.driver.manage().logs().get("browser");
  }

  @Test
  void jobs_are_filtered_by_the_url() throws Exception {
    String done = site.submit("parrot", "{\"say\":\"hello\"}");
    site.await(done);
    String open = site.submit("simulate", "{\"duration_ms\":600000}");
    browser.go("/?status=open&worker=simulate");
    assertThat(rows()).contains(open).doesNotContain(done);
    browser.go("/?worker=parrot&status=succeeded");
    assertThat(rows()).contains(done).doesNotContain(open);
    browser.click("Canceled");
    assertThat(browser.path()).isEqualTo("/?status=canceled&worker=parrot");
    assertThat(browser.text()).contains("Nothing matches");
    browser.go("/?created_before=2020-01-01T00%3A00");
    assertThat(rows()).isEmpty();
  }

  private static List<String> rows() {
    // In one step: the list may be exchanged at any time.
    Object ids =
        browser.run("return [...document.querySelectorAll('tr')].map((row) => row.dataset.job)");
    assertThat(ids).isInstanceOf(List.class);
    return (ids instanceof List<?> list ? list : List.of())
        .stream().map(String::valueOf).filter(id -> id.startsWith("job_")).toList();
  }

  @Test
  void the_list_shows_a_new_job_by_itself() {
    browser.go("/?worker=parrot");
    String id = site.submit("parrot", "{\"say\":\"surprise\"}");
    browser.untilText("tr.new[data-job=" + id + "]", "parrot");
    browser.untilText("tr[data-job=" + id + "]", "succeeded");
  }

  @Test
  void a_job_is_handed_in_and_opened_with_the_keyboard_alone() {
    browser.go("/workers/parrot/new");
    press(Keys.TAB);
    assertThat(browser.run("return document.activeElement.className")).isEqualTo("skip");
    press(Keys.ENTER);
    assertThat(browser.run("return document.activeElement.id")).isEqualTo("main");
    tabTo("f-input");
    press("{\"say\":\"by hand\"}");
    tabTo("Submit job");
    press(Keys.ENTER);
    browser.untilPath("/jobs/job_\\w+");
    String id = browser.path().substring("/jobs/".length());
    browser.go("/?worker=parrot");
    tabTo("row-" + id);
    press(Keys.ENTER);
    browser.untilPath("/jobs/" + id);
  }

  private static void press(CharSequence keys) {
    browser.driver.switchTo().activeElement().sendKeys(keys);
  }

  /** Tabs on until the element with this id or text has the focus. */
  private static void tabTo(String name) {
    for (int i = 0; i < 60; i++) {
      WebElement active = browser.driver.switchTo().activeElement();
      if (name.equals(active.getDomAttribute("id")) || name.equals(active.getText())) {
        assertThat(
                active.getCssValue("outline-style").equals("solid")
                    || active.getDomAttribute("class") != null)
            .isTrue();
        return;
      }
      press(Keys.TAB);
    }
    throw new AssertionError(name + " cannot be reached with the Tab key");
  }

  @Test
  void a_file_goes_up_by_itself_and_leaves_its_id_in_the_field() throws Exception {
    browser.go("/workers/either/new");
    browser.run(
        """
        window.XMLHttpRequest = class {
          upload = {};
          open(method, url) { this.asked = `${method} ${url}`; }
          setRequestHeader(name, value) { this.asked += ` ${value}`; }
          send(file) {
            this.upload.onprogress({ lengthComputable: true, loaded: 1, total: 2 });
            this.status = 201;
            this.responseText = JSON.stringify({ id: "file_0123" });
            document.title = this.asked;
            this.onload();
          }
        };
        """);
    browser.find("input[value='/input/file']").click();
    Path file = Files.writeString(folder.resolve("a <b> & c.txt"), "text");
    browser.find("input[type=file]").sendKeys(file.toString());
    browser.untilText(".said", "a <b> & c.txt, 4 B, is uploaded.");
    assertThat(browser.field("/input/file").getDomProperty("value")).isEqualTo("file_0123");
    assertThat(browser.driver.getTitle())
        .isEqualTo("POST /v1/files?name=a%20%3Cb%3E%20%26%20c.txt text/plain");
    browser.click("Submit job");
    browser.untilText("h1 + span", "succeeded");
    assertThat(browser.find("#job-result").getText()).contains("file_0123");
  }

  @Test
  void a_file_goes_from_the_form_to_the_summary() throws Exception {
    browser.go("/workers/summarize/new");
    browser.find("input[value='/input/file']").click();
    Path file = Files.writeString(folder.resolve("<img src=x onerror=alert(1)>.txt"), TEXT);
    browser.find("input[type=file]").sendKeys(file.toString());
    browser.untilText(".said", "<img src=x onerror=alert(1)>.txt, ");
    browser.untilText(".said", "is uploaded.");
    browser.click("Submit job");
    browser.untilPath("/jobs/job_\\w+");
    browser.untilText("h1 + span", "succeeded");
    browser.untilText(".article p", "ticket");
    assertThat(browser.find(".files .name").getText())
        .isEqualTo("<img src=x onerror=alert(1)>.txt");
    assertThat(browser.find(".files a").getDomAttribute("href"))
        .matches("/v1/files/file_\\w+/content");
  }

  @Test
  void a_refused_file_is_explained() throws Exception {
    browser.go("/workers/either/new");
    browser.run(
        """
        window.XMLHttpRequest = class {
          upload = {};
          open() {}
          setRequestHeader() {}
          send() {
            this.status = 413;
            this.responseText = JSON.stringify({ detail: "The file is too large." });
            this.onload();
          }
        };
        """);
    browser.find("input[value='/input/file']").click();
    Path file = Files.writeString(folder.resolve("big.txt"), "text");
    browser.find("input[type=file]").sendKeys(file.toString());
    browser.untilText(".said.fault", "The file is too large.");
    assertThat(browser.field("/input/file").getDomProperty("value")).isEmpty();
  }

  @Test
  void a_worker_shows_its_figures_as_a_chart() throws Exception {
    site.await(site.submit("simulate", "{\"duration_ms\":5}"));
    browser.go("/workers");
    browser.click("simulate");
    assertThat(browser.find("#chart canvas").isDisplayed()).isTrue();
    assertThat(browser.text()).contains("Success").contains("duration_ms");
  }

  @Test
  void no_page_is_wider_than_a_phone() throws Exception {
    String id = site.submit("parrot", "{\"say\":\"" + "long".repeat(200) + "\",\"fail\":true}");
    site.await(id);
    try (Browser phone = Browser.open(site)) {
      phone.phone();
      for (String path :
          List.of(
              "/",
              "/?worker=nobody",
              "/jobs/" + id,
              "/jobs/" + id + "/edit",
              "/workers",
              "/workers/simulate",
              "/workers/summarize",
              "/workers/simulate/new")) {
        phone.go(path);
        assertThat(phone.run("return document.documentElement.scrollWidth"))
            .as(path)
            .isEqualTo(375L);
      }
      phone.isQuiet();
    }
  }

  @Test
  void everything_can_be_done_without_scripts() throws Exception {
    try (Browser plain = Browser.withoutScripts(site)) {
      plain.go("/workers/either/new");
      plain.find("input[value='/input/text']").click();
      plain.type("/input/text", "no scripts here");
      plain.click("Submit job");
      plain.untilPath("/jobs/job_\\w+");
      String id = plain.path().substring("/jobs/".length());
      site.await(id);
      plain.go("/jobs/" + id);
      assertThat(plain.find("#job-result").getText()).contains("no scripts here");
      plain.go("/?worker=either");
      assertThat(plain.all("tr[data-job=" + id + "]")).hasSize(1);
      assertThat(plain.find("html").getDomAttribute("class")).isNullOrEmpty();
    }
  }
}
