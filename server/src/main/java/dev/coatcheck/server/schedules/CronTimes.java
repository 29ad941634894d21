package dev.coatcheck.server.schedules;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.coatcheck.schedule.CronReader;
import dev.coatcheck.schedule.Timing;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cron expressions of five fields. The library works out local times, as if clocks were never
 * changed; where and how often a local time is in its zone is decided here.
 */
public final class CronTimes implements CronReader {

  private static final int FIELDS = 5;
  private static final int PARSED_MAX = 1_000;
  private static final String PARSER_SAYS = "Failed to parse cron expression. ";

  private final CronParser parser =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
  private final Map<String, ExecutionTime> parsed = new ConcurrentHashMap<>();

  @Override
  public Optional<Instant> next(Timing.Cron cron, Instant after) {
    ExecutionTime times = times(cron.expression());
    LocalDateTime local = LocalDateTime.ofInstant(after, cron.zone());
    while (true) {
      Optional<ZonedDateTime> found = times.nextExecution(local.atZone(ZoneOffset.UTC));
      if (found.isEmpty()) {
        return Optional.empty();
      }
      local = found.get().toLocalDateTime();
      Instant at = first(local, cron.zone());
      // A local time that is there twice, asked for after the first; or of many that fall into one
      // gap the second.
      if (at.isAfter(after)) {
        return Optional.of(at);
      }
    }
  }

  /** The first instant of a local time; of one that is left out, the first after the gap. */
  private static Instant first(LocalDateTime local, ZoneId zone) {
    ZoneOffsetTransition change = zone.getRules().getTransition(local);
    return change != null && change.isGap()
        ? change.getInstant()
        : local.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
  }

  private ExecutionTime times(String expression) {
    ExecutionTime known = parsed.get(expression);
    if (known == null) {
      known = parse(expression);
      if (parsed.size() >= PARSED_MAX) {
        parsed.clear();
      }
      parsed.put(expression, known);
    }
    return known;
  }

  private ExecutionTime parse(String expression) {
    String text = expression.strip();
    if (text.split("\\s+", -1).length != FIELDS) {
      throw new IllegalArgumentException(
          "must have five fields: minute, hour, day of month, month, day of week");
    }
    try {
      return ExecutionTime.forCron(parser.parse(text).validate());
    } catch (IllegalArgumentException wrong) {
      String why = Objects.requireNonNullElse(wrong.getMessage(), "");
      throw new IllegalArgumentException(
          "is not a cron expression: " + why.replace(PARSER_SAYS, "").strip(), wrong);
    }
  }
}
