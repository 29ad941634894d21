package dev.coatcheck.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Chromium without a window. */
final class Browser implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final ChromeDriver driver;
  private final String site;

  private Browser(String site, boolean scripts) {
    this.site = site;
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program("chromium"));
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    if (!scripts) {
      options.setExperimentalOption(
          "prefs", Map.of("profile.managed_default_content_settings.javascript", 2));
    }
    System.setProperty("webdriver.chrome.driver", program("chromedriver").getPath());
    driver = new ChromeDriver(options);
    driver.manage().timeouts().pageLoadTimeout(PATIENCE);
  }

  static Browser open(Site site) {
    return new Browser(site.url(), true);
  }

  /** On another site than the server's own pages. */
  static Browser open(String url) {
    return new Browser(url, true);
  }

  /** One in which no script runs. */
  static Browser withoutScripts(Site site) {
    return new Browser(site.url(), false);
  }

  private static File program(String name) {
    for (String folder : Optional.ofNullable(System.getenv("PATH")).orElse("").split(":")) {
      File file = new File(folder, name);
      if (file.canExecute()) {
        return file;
      }
    }
    throw new IllegalStateException(
        name + " is not on the PATH; leave these tests out with -Dtest.excluded=browser");
  }

  void go(String path) {
    driver.get(site + path);
  }

  String path() {
    return driver.getCurrentUrl().substring(site.length());
  }

  WebElement find(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  WebElement field(String name) {
    return driver.findElement(By.name(name));
  }

  void type(String name, String text) {
    field(name).sendKeys(text);
  }

  /** Clicks the button or link with this text. */
  void click(String text) {
    String quoted = "'" + text + "'";
    driver
        .findElement(
            By.xpath(
                "//*[self::a or self::button or self::summary][normalize-space()=" + quoted + "]"))
        .click();
  }

  String text() {
    return find("body").getText();
  }

  /** Waits until the element, which may come and go, has a text like this. */
  void untilText(String css, String part) {
    until(() -> all(css).stream().anyMatch(element -> element.getText().contains(part)), part);
  }

  void untilPath(String pattern) {
    until(() -> path().matches(pattern), pattern);
  }

  private void until(java.util.function.BooleanSupplier condition, String what) {
    new WebDriverWait(driver, PATIENCE, Duration.ofMillis(50))
        .withMessage(() -> what + " did not come on " + path() + ":\n" + text())
        .ignoring(org.openqa.selenium.StaleElementReferenceException.class)
        .until(any -> condition.getAsBoolean());
  }

  @Nullable Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** Checks that the browser found no fault with what it has loaded since the last call. */
  void isQuiet() {
    List<String> complaints = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
      if (entry.getLevel().intValue() >= Level.WARNING.intValue()
          || entry.getMessage().contains("Content Security Policy")) {
        complaints.add(entry.getMessage());
      }
    }
    assertThat(complaints).isEmpty();
  }

  /** Makes the window as wide and high as a phone's. */
  void phone() {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 375, "height", 812, "deviceScaleFactor", 2, "mobile", true));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
