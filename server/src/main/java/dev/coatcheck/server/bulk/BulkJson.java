package dev.coatcheck.server.bulk;

import dev.coatcheck.job.DeadLetterEntry;
import dev.coatcheck.job.DeadLetterGroup;
import dev.coatcheck.job.JobId;
import dev.coatcheck.operation.Operation;
import dev.coatcheck.server.json.JsonOut;
import java.util.List;

/** How dead letters and operations are written. */
final class BulkJson {

  private BulkJson() {}

  static void write(JsonOut out, DeadLetterEntry letter) {
    JobId as = letter.redrivenAs();
    out.string("job_id", letter.job().toString())
        .string("worker", letter.worker())
        .string("code", letter.code().wire())
        .string("reason", letter.reason().wire())
        .string("message", letter.message())
        .string("fingerprint", letter.fingerprint())
        .number("attempts", letter.attempts())
        .micros("cost_usd", letter.costMicros())
        .instant("failed_at", letter.failedAt())
        .string("state", letter.state().wire())
        .string("redriven_as", as == null ? null : as.toString());
  }

  static void write(JsonOut out, DeadLetterGroup group) {
    out.string("worker", group.worker())
        .string("code", group.code().wire())
        .string("fingerprint", group.fingerprint())
        .string("message", group.message())
        .number("count", group.count())
        .instant("last_at", group.lastAt());
  }

  static byte[] of(Operation operation) {
    return JsonOut.object(out ->
        out.string("id", operation.id().toString())
            .string("kind", operation.order().kind())
            .number("matched", operation.matched())
            .bool("done", operation.done())
            .number("succeeded", operation.tally().succeeded())
            .number("skipped", operation.tally().skipped())
            .number("failed", operation.tally().failed())
            .instant("created_at", operation.createdAt())
            .instant("finished_at", operation.finishedAt()));
  }

  /** What would be done. */
  static byte[] dryRun(long matched, List<JobId> sample) {
    return JsonOut.object(out ->
        out.number("matched", matched)
            .array("sample", items -> sample.forEach(id -> items.item(id.toString()))));
  }
}
