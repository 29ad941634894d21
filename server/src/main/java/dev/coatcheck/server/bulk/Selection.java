package dev.coatcheck.server.bulk;

import dev.coatcheck.job.DeadLetterFilter;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobFilter;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.server.body.Members;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.jobs.Listing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs a body means: those that it names, or those that its filter names.
 *
 * @param ids null with a filter
 * @param limit how many jobs of a filter at most; null for all
 */
record Selection(@Nullable List<JobId> ids, @Nullable Long limit, boolean dryRun) {

  static final Set<String> MEMBERS = Set.of("ids", "filter", "limit", "dry_run");

  /** Jobs that one call can name. */
  static final int IDS_MAX = 100;

  /** Jobs that a dry run shows. */
  static final int SAMPLE = 10;

  private static final long LIMIT_MAX = 1_000_000_000;
  private static final int TEXT_MAX = 255;
  private static final Set<String> LETTER_FILTER =
      Set.of("worker", "code", "fingerprint", "failed_after", "failed_before", "state");
  private static final Set<String> JOB_FILTER =
      Set.of("worker", "status", "created_after", "created_before");

  static Selection read(Members body) {
    Long limit = body.whole("limit", 1, LIMIT_MAX);
    boolean dryRun = Boolean.TRUE.equals(body.flag("dry_run"));
    boolean byId = body.get("ids") != null;
    if (byId == (body.get("filter") != null)) {
      body.fault("ids", "exactly one of ids and filter must be given");
      return new Selection(null, limit, dryRun);
    }
    return new Selection(byId ? ids(body) : null, limit, dryRun);
  }

  private static List<JobId> ids(Members body) {
    List<String> texts = body.strings("ids", IDS_MAX);
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Optional<JobId> id = JobId.parse(texts.get(i));
      if (id.isEmpty()) {
        body.fault("ids", i, "is not the id of a job");
      } else {
        ids.add(id.get());
      }
    }
    if (texts.isEmpty()) {
      body.fault("ids", "must have 1 to " + IDS_MAX + " items");
    }
    return ids;
  }

  /** The filter of a body that means open dead letters. */
  static DeadLetterFilter letters(Members body) {
    Members filter = body.object("filter", LETTER_FILTER);
    filter.word("state", List.of("open"));
    String code = filter.line("code", TEXT_MAX);
    if (code != null && ErrorCode.parse(code).isEmpty()) {
      filter.fault("code", "is not a code of a job's error");
    }
    return new DeadLetterFilter(
        filter.line("worker", TEXT_MAX),
        code,
        filter.line("fingerprint", TEXT_MAX),
        instant(filter, "failed_after"),
        instant(filter, "failed_before"));
  }

  /**
   * The filter of a body that means open jobs.
   *
   * @param indexed metadata keys that can be filtered by
   */
  static JobFilter jobs(Members body, Set<String> indexed) {
    Set<String> known = new HashSet<>(JOB_FILTER);
    List<String> tags = tags(body, indexed);
    known.addAll(tags);
    Members filter = body.object("filter", known);
    if (tags.size() > 1) {
      filter.fault(tags.get(1), "only one metadata key can be filtered by");
    }
    String status = filter.word("status", List.of("queued", "running"));
    return new JobFilter(
        filter.line("worker", TEXT_MAX),
        status == null ? null : JobStatus.parse(status).orElseThrow(),
        instant(filter, "created_after"),
        instant(filter, "created_before"),
        tags.isEmpty() ? null : tag(filter, tags.getFirst()));
  }

  private static List<String> tags(Members body, Set<String> indexed) {
    List<String> tags = new ArrayList<>();
    var filter = body.get("filter");
    if (filter != null && filter.isObject()) {
      for (String name : filter.propertyNames()) {
        if (name.startsWith(Listing.TAG)) {
          if (!indexed.contains(name.substring(Listing.TAG.length()))) {
            throw Problem.at(
                ProblemCode.FILTER_NOT_INDEXED,
                "/filter/" + name,
                "not among the indexed keys " + indexed.stream().sorted().toList());
          }
          tags.add(name);
        }
      }
    }
    return tags;
  }

  private static JobFilter.@Nullable Tag tag(Members filter, String name) {
    String value = filter.text(name, Integer.MAX_VALUE);
    return value == null ? null : new JobFilter.Tag(name.substring(Listing.TAG.length()), value);
  }

  private static @Nullable Instant instant(Members filter, String name) {
    String text = filter.text(name, TEXT_MAX);
    if (text == null) {
      return null;
    }
    Optional<Instant> parsed = Listing.parse(text);
    if (parsed.isEmpty()) {
      filter.fault(name, "must be an RFC 3339 instant with a zone");
    }
    return parsed.orElse(null);
  }
}
