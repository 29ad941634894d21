package dev.coatcheck.server.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.job.Occasion;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.schedule.CatchUp;
import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.schedule.Overlap;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.schedule.Timing;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import dev.coatcheck.testkit.InMemoryStore;
import dev.coatcheck.testkit.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cron expressions where clocks are changed. */
final class CronTimesTest {

  /** Expressions, and what local times they name. */
  private static final Map<String, Predicate<LocalDateTime>> CRONS =
      Map.of(
          "30 2 * * *", at -> at.getHour() == 2 && at.getMinute() == 30,
          "15,45 0-3 * * *", at -> at.getHour() <= 3 && at.getMinute() % 30 == 15,
          "0 */6 * * 0", at -> at.getHour() % 6 == 0 && on(at, 7),
          "50 23 13 * 5", at -> at.getHour() == 23 && at.getMinute() == 50 && fridayOr13(at));

  private final CronTimes times = new CronTimes();

  private static boolean on(LocalDateTime at, int day) {
    return at.getMinute() == 0 && at.getDayOfWeek().getValue() == day;
  }

  private static boolean fridayOr13(LocalDateTime at) {
    return at.getDayOfMonth() == 13 || at.getDayOfWeek().getValue() == 5;
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin, 2026",
    "America/New_York, 2026",
    "Australia/Lord_Howe, 2026",
    "Africa/Casablanca, 2026",
    "America/Sao_Paulo, 2018",
    "Asia/Kolkata, 2026",
  })
  void a_year_has_each_local_time_once(String zoneName, int year) {
    ZoneId zone = ZoneId.of(zoneName);
    Instant from = LocalDateTime.of(year, 1, 1, 0, 0).atZone(zone).toInstant();
    Instant to = from.plus(Duration.ofDays(365));
    CRONS.forEach((expression, names) ->
        assertThat(named(new Timing.Cron(expression, zone), from, to))
            .as(expression)
            .isEqualTo(walked(zone, names, from, to)));
  }

  private List<Instant> named(Timing.Cron cron, Instant from, Instant to) {
    List<Instant> named = new ArrayList<>();
    Optional<Instant> next = times.next(cron, from);
    while (next.isPresent() && next.get().isBefore(to)) {
      named.add(next.get());
      next = times.next(cron, next.get());
    }
    return named;
  }

  /** Minute by minute along the clock on the wall: the other way round than it is worked out. */
  private static List<Instant> walked(
      ZoneId zone, Predicate<LocalDateTime> names, Instant from, Instant to) {
    List<Instant> walked = new ArrayList<>();
    LocalDateTime furthest = LocalDateTime.ofInstant(from, zone);
    for (Instant at = from.plusSeconds(60); at.isBefore(to); at = at.plusSeconds(60)) {
      LocalDateTime local = LocalDateTime.ofInstant(at, zone);
      boolean fires = false;
      for (LocalDateTime t = furthest.plusMinutes(1); !t.isAfter(local); t = t.plusMinutes(1)) {
        fires |= names.test(t);
      }
      furthest = local.isAfter(furthest) ? local : furthest;
      if (fires) {
        walked.add(at);
      }
    }
    return walked;
  }

  @Test
  void what_the_gap_leaves_out_comes_after_it_and_what_comes_twice_comes_first() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Timing.Cron nightly = new Timing.Cron("30 2 * * *", berlin);
    assertThat(times.next(nightly, Instant.parse("2026-03-28T12:00:00Z")))
        .contains(Instant.parse("2026-03-29T01:00:00Z"));
    assertThat(times.next(nightly, Instant.parse("2026-10-24T12:00:00Z")))
        .contains(Instant.parse("2026-10-25T00:30:00Z"));
    assertThat(times.next(nightly, Instant.parse("2026-10-25T00:30:00Z")))
        .contains(Instant.parse("2026-10-26T01:30:00Z"));
    ZoneId howe = ZoneId.of("Australia/Lord_Howe");
    ZoneOffsetTransition spring =
        howe.getRules().nextTransition(Instant.parse("2026-08-01T00:00:00Z"));
    assertThat(spring.getDuration()).isEqualTo(Duration.ofMinutes(30));
    assertThat(
            times.next(new Timing.Cron("15 2 * * *", howe), spring.getInstant().minusSeconds(60)))
        .contains(spring.getInstant());
  }

  @Test
  void a_year_of_two_tickers_gives_each_instant_one_job() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    InMemoryStore store = InMemoryStore.open(now::get, new SplittableRandom(1));
    InMemoryStore other = store.anotherNode();
    List<String> zones =
        List.of(
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Africa/Casablanca",
            "Asia/Kolkata");
    for (String zone : zones) {
      define(store, zone.toLowerCase(java.util.Locale.ROOT).replace('/', '.'), zone, now.get());
    }
    List<Occasion> given = new ArrayList<>();
    Instant end = now.get().plus(365, ChronoUnit.DAYS);
    while (now.get().isBefore(end)) {
      List<KnownSchedule> due = store.reader().dueSchedules(9).due();
      assertThat(other.reader().dueSchedules(9).due()).isEqualTo(due);
      given.addAll(tick(store, due));
      assertThat(tick(other, due)).isEmpty();
      now.set(Objects.requireNonNull(store.reader().dueSchedules(9).next()));
    }

    assertThat(given).doesNotHaveDuplicates();
    for (String zone : zones) {
      String name = zone.toLowerCase(java.util.Locale.ROOT).replace('/', '.');
      Timing.Cron cron = new Timing.Cron("30 2,14 * * *", ZoneId.of(zone));
      List<Instant> named = named(cron, Instant.parse("2026-01-01T00:00:00Z"), end);
      assertThat(given.stream().filter(o -> o.schedule().equals(name)).map(Occasion::nominalAt))
          .as(zone)
          .hasSize(2 * 365)
          .isEqualTo(named);
    }
  }

  private static void define(InMemoryStore store, String name, String zone, Instant now) {
    Submission work = Submission.of(TenantId.DEFAULT, "w", Payload.utf8("{}"));
    Timing.Cron cron = new Timing.Cron("30 2,14 * * *", ZoneId.of(zone));
    Schedule schedule = new Schedule(name, work, cron, CatchUp.SKIP, Overlap.ALLOW, false);
    Instant next = new CronTimes().next(cron, now).orElseThrow();
    store.commit(List.of(new Command.DefineSchedule(schedule, now, next)));
  }

  private List<Occasion> tick(InMemoryStore store, List<KnownSchedule> due) {
    List<Occasion> given = new ArrayList<>();
    for (KnownSchedule known : due) {
      Instant nominal = Objects.requireNonNull(known.next());
      Timing.Cron cron = (Timing.Cron) known.schedule().timing();
      Occasion occasion = new Occasion(known.schedule().name(), nominal);
      Command.Tick tick =
          new Command.Tick(
              known,
              nominal,
              times.next(cron, nominal).orElse(null),
              Jobs.job("w").occasion(occasion).build(nominal),
              null);
      if (store.commit(List.of(tick)).getFirst() instanceof Result.Ticked) {
        given.add(occasion);
      }
    }
    return given;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "* * * * * *; five fields",
        "@daily; five fields",
        "'' ; five fields",
        "61 * * * *; not in range",
        "* 24 * * *; not in range",
        "a b c d e; not a cron expression",
        "0 0 * * 5#2; not a cron expression",
        "*/0 * * * *; not a cron expression",
      })
  void what_is_no_expression_is_refused_in_words(String expression, String words) {
    Timing.Cron cron = new Timing.Cron(expression, ZoneId.of("UTC"));

    assertThatThrownBy(() -> times.next(cron, Instant.EPOCH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }

  @Test
  void a_date_that_never_comes_is_no_instant() {
    ZoneId utc = ZoneId.of("UTC");
    assertThat(times.next(new Timing.Cron("0 0 31 2 *", utc), Instant.EPOCH)).isEmpty();
    assertThat(
            times.next(new Timing.Cron("0 0 29 2 *", utc), Instant.parse("2026-01-01T00:00:00Z")))
        .contains(Instant.parse("2028-02-29T00:00:00Z"));
  }
}
