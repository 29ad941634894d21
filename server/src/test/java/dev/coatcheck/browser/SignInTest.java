package dev.coatcheck.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of a server that has a key. */
@Tag("browser")
class SignInTest {

  private static final String KEY = "a key of forty characters, that is enough";

  @TempDir private Path folder;

  @Test
  void the_key_opens_the_pages_until_the_user_signs_out() throws Exception {
    try (Site site = Site.closed(folder, KEY);
        Browser browser = Browser.open(site)) {
      browser.go("/workers");
      assertThat(browser.path()).isEqualTo("/login");
      browser.type("key", "not the key");
      browser.click("Sign in");
      browser.untilText("#refused", "That is not the key.");
      browser.type("key", KEY);
      browser.click("Sign in");
      browser.untilText("h1", "Jobs");

      browser.go("/workers/simulate/new");
      browser.type("/input/duration_ms", "300");
      browser.click("Submit job");
      browser.untilText("h1 + span", "succeeded");
      browser.untilText("#events", "done");

      browser.click("Sign out");
      browser.untilText("h1", "Sign in");
      browser.go("/");
      assertThat(browser.path()).isEqualTo("/login");
    }
  }
}
