package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.DeadLetter.Reason;
import dev.coatcheck.job.DeadLetter.State;
import dev.coatcheck.job.DeadLetterEntry;
import dev.coatcheck.job.DeadLetterFilter;
import dev.coatcheck.job.DeadLetterGroup;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.operation.Place;
import dev.coatcheck.store.DeadLetterQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters of a tenant by worker, code, likeness and time. As there are few workers and codes,
 * each pair of them has a list that an index serves, and lists of several pairs are merged.
 */
final class LetterList {

  private static final byte[] FIRST = new byte[16];

  /** A letter without what its job tells. */
  record Letter(
      JobId job,
      String worker,
      ErrorCode code,
      Reason reason,
      String fingerprint,
      Instant failedAt,
      State state,
      @Nullable JobId redrivenAs) {

    Place place() {
      return new Place(failedAt, job);
    }
  }

  /** What letters have in common that one index entry leads to. */
  private record Kind(String worker, String code) {}

  private record Group(Kind kind, String fingerprint, long count, Instant lastAt) {}

  private static final Comparator<Letter> NEWEST_FIRST =
      Comparator.comparing(Letter::failedAt).thenComparing(Letter::job).reversed();

  private static final Comparator<Group> SMALLEST_FIRST =
      Comparator.comparingLong(Group::count).thenComparing(Group::lastAt);

  private LetterList() {}

  static List<DeadLetterEntry> page(Session session, DeadLetterQuery query) throws SQLException {
    List<DeadLetterEntry> page = new ArrayList<>();
    for (Letter letter : letters(session, query)) {
      page.add(entry(session, query.tenant(), letter));
    }
    return page;
  }

  static List<Place> places(Session session, DeadLetterQuery query) throws SQLException {
    return letters(session, query).stream().map(Letter::place).toList();
  }

  static @Nullable DeadLetterEntry find(Session session, TenantId tenant, JobId id)
      throws SQLException {
    Letter letter = letter(session.bind(Sql.LETTER), tenant, id);
    return letter == null ? null : entry(session, tenant, letter);
  }

  static @Nullable Letter letter(Bind query, TenantId tenant, JobId id) throws SQLException {
    try (ResultSet rows = query.id(id).text(tenant.value()).query()) {
      Columns row = new Columns(rows);
      return row.next() ? letter(row) : null;
    }
  }

  static long count(Session session, DeadLetterQuery query) throws SQLException {
    if (all(query.filter())) {
      return number(bind(session, Sql.COUNT_LETTERS, query));
    }
    long count = 0;
    for (Kind kind : kinds(session, query)) {
      String alike = query.filter().fingerprint();
      Sql sql = alike == null ? Sql.COUNT_LETTERS_OF : Sql.COUNT_LETTERS_ALIKE;
      count += number(of(bind(session, sql, query), kind, alike));
    }
    return Math.min(count, query.limit());
  }

  static List<DeadLetterGroup> groups(Session session, DeadLetterQuery query) throws SQLException {
    PriorityQueue<Group> largest = new PriorityQueue<>(SMALLEST_FIRST);
    for (Kind kind : kinds(session, query)) {
      addGroups(session, query, kind, largest);
    }
    List<Group> groups = new ArrayList<>(largest);
    groups.sort(SMALLEST_FIRST.reversed());
    List<DeadLetterGroup> told = new ArrayList<>();
    for (Group group : groups) {
      told.add(told(session, query, group));
    }
    return told;
  }

  private static void addGroups(
      Session session, DeadLetterQuery query, Kind kind, PriorityQueue<Group> largest)
      throws SQLException {
    DeadLetterFilter filter = query.filter();
    String alike = filter.fingerprint();
    Bind bind =
        session
            .bind(alike == null ? Sql.LETTER_GROUPS : Sql.LETTER_GROUP)
            .text(query.tenant().value())
            .text(query.state().wire())
            .number(from(filter))
            .number(to(filter));
    try (ResultSet rows = of(bind, kind, alike).query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        largest.add(new Group(kind, row.text(), row.number(), row.time()));
        if (largest.size() > query.limit()) {
          largest.remove();
        }
      }
    }
  }

  private static DeadLetterGroup told(Session session, DeadLetterQuery query, Group group)
      throws SQLException {
    DeadLetterFilter alike =
        new DeadLetterFilter(
            group.kind().worker(),
            group.kind().code(),
            group.fingerprint(),
            query.filter().failedAfter(),
            query.filter().failedBefore());
    DeadLetterQuery newest = new DeadLetterQuery(query.tenant(), alike, query.state(), null, 1);
    DeadLetterEntry last = page(session, newest).getFirst();
    return new DeadLetterGroup(
        last.worker(),
        last.code(),
        group.fingerprint(),
        last.message(),
        group.count(),
        group.lastAt());
  }

  private static List<Letter> letters(Session session, DeadLetterQuery query) throws SQLException {
    if (all(query.filter())) {
      return letters(bind(session, Sql.LETTERS, query));
    }
    List<Letter> letters = new ArrayList<>();
    String alike = query.filter().fingerprint();
    Sql sql = alike == null ? Sql.LETTERS_OF : Sql.LETTERS_ALIKE;
    for (Kind kind : kinds(session, query)) {
      letters.addAll(letters(of(bind(session, sql, query), kind, alike)));
    }
    letters.sort(NEWEST_FIRST);
    return letters.subList(0, Math.min(query.limit(), letters.size()));
  }

  private static boolean all(DeadLetterFilter filter) {
    return filter.worker() == null && filter.code() == null && filter.fingerprint() == null;
  }

  private static List<Kind> kinds(Session session, DeadLetterQuery query) throws SQLException {
    String worker = query.filter().worker();
    String code = query.filter().code();
    if (worker != null && code != null) {
      return List.of(new Kind(worker, code));
    }
    List<Kind> kinds = new ArrayList<>();
    Bind bind =
        session.bind(Sql.LETTER_KINDS).text(query.tenant().value()).text(query.state().wire());
    try (ResultSet rows = bind.query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        Kind kind = new Kind(row.text(), row.text());
        if ((worker == null || worker.equals(kind.worker()))
            && (code == null || code.equals(kind.code()))) {
          kinds.add(kind);
        }
      }
    }
    return kinds;
  }

  private static Bind of(Bind bind, Kind kind, @Nullable String alike) throws SQLException {
    bind.text(kind.worker()).text(kind.code());
    return alike == null ? bind : bind.text(alike);
  }

  /** The parameters that all lists have: from the cursor, or the end of the time, downwards. */
  private static Bind bind(Session session, Sql sql, DeadLetterQuery query) throws SQLException {
    DeadLetterFilter filter = query.filter();
    Place before = query.before();
    boolean cursor = before != null && before.at().toEpochMilli() < to(filter);
    Bind bind =
        session
            .bind(sql)
            .text(query.tenant().value())
            .text(query.state().wire())
            .number(from(filter));
    if (before != null && cursor) {
      bind.time(before.at()).id(before.job());
    } else {
      bind.number(to(filter)).bytes(FIRST);
    }
    return bind.number(query.limit());
  }

  private static long from(DeadLetterFilter filter) {
    Instant from = filter.failedAfter();
    return from == null ? 0 : from.toEpochMilli();
  }

  private static long to(DeadLetterFilter filter) {
    Instant to = filter.failedBefore();
    return to == null ? Long.MAX_VALUE : to.toEpochMilli();
  }

  private static List<Letter> letters(Bind query) throws SQLException {
    List<Letter> letters = new ArrayList<>();
    try (ResultSet rows = query.query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        letters.add(letter(row));
      }
    }
    return letters;
  }

  private static Letter letter(Columns row) throws SQLException {
    return new Letter(
        row.id(),
        row.text(),
        ErrorCode.parse(row.text()).orElse(ErrorCode.INTERNAL),
        Reason.parse(row.text()).orElseThrow(),
        row.text(),
        row.time(),
        State.parse(row.text()).orElseThrow(),
        row.optionalId());
  }

  private static DeadLetterEntry entry(Session session, TenantId tenant, Letter letter)
      throws SQLException {
    JobRow row =
        Objects.requireNonNull(
            JobRow.find(session.bind(Sql.LISTED_JOB), tenant, letter.job(), false));
    Job job = row.job();
    JobError error = Objects.requireNonNull(job.error());
    return new DeadLetterEntry(
        letter.job(),
        letter.worker(),
        letter.code(),
        letter.reason(),
        error.message(),
        letter.fingerprint(),
        job.attempt(),
        job.usage().costMicros(),
        letter.failedAt(),
        letter.state(),
        letter.redrivenAs());
  }

  private static long number(Bind query) throws SQLException {
    try (ResultSet rows = query.query()) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }
}
