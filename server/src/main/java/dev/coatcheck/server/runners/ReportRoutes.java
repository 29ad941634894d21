package dev.coatcheck.server.runners;

import dev.coatcheck.event.Note;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lend.Lender;
import dev.coatcheck.server.body.Faults;
import dev.coatcheck.server.body.Members;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.store.Result;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What a runner says while it works. */
public final class ReportRoutes {

  private static final int PROGRESS_BYTES_MAX = 4 * 1024;
  private static final Set<String> LINE_MEMBERS = Set.of("at", "level", "message");
  private static final List<String> LEVELS = List.of("debug", "info", "warn", "error");
  private static final int LINES_MAX = 1_000;
  private static final int LINE_MAX = 16_384;
  private static final int AT_MAX = 64;
  private static final int CHUNKS_MAX = 1_000;

  private final Lender lender;
  private final long outputMax;

  /**
   * The routes.
   *
   * @param outputMax bytes of a body with pieces of output
   */
  public ReportRoutes(Lender lender, long outputMax) {
    this.lender = lender;
    this.outputMax = outputMax;
  }

  /** {@code POST /v1/leases/{token}/progress}. */
  public void progress(Exchange exchange) throws Exception {
    LeaseToken lease = Leases.token(exchange);
    Faults faults = new Faults();
    Progress progress =
        ProgressReader.read(
            Members.of(exchange.jsonBody(PROGRESS_BYTES_MAX), ProgressReader.MEMBERS, faults));
    faults.check();
    if (!lender.progress(lease, progress)) {
      throw Leases.lost(lease);
    }
    Leases.ok(exchange, "ok");
  }

  /** {@code POST /v1/leases/{token}/log}. */
  public void log(Exchange exchange) throws Exception {
    LeaseToken lease = Leases.token(exchange);
    Faults faults = new Faults();
    Members body = Members.of(exchange.jsonBody(), Set.of("lines"), faults).require("lines");
    List<Note.Logged> lines =
        body.objects("lines", LINES_MAX, LINE_MEMBERS).stream().map(ReportRoutes::line).toList();
    faults.check();
    appended(lender.log(lease, lines), lease);
    Leases.ok(exchange, "ok");
  }

  /** The time is the store's, as that of all events; the runner's own is not kept. */
  private static Note.Logged line(Members line) {
    line.line("at", AT_MAX);
    String level = line.word("level", LEVELS);
    String message = line.require("message").text("message", LINE_MAX);
    return new Note.Logged(
        Objects.requireNonNullElse(level, "info"), Objects.requireNonNullElse(message, ""));
  }

  /** {@code POST /v1/leases/{token}/output}. */
  public void output(Exchange exchange) throws Exception {
    LeaseToken lease = Leases.token(exchange);
    Faults faults = new Faults();
    Members body = Members.of(exchange.jsonBody(outputMax), Set.of("offset", "chunks"), faults);
    Long offset = body.require("offset").whole("offset", 0, Integer.MAX_VALUE);
    List<String> chunks = body.require("chunks").strings("chunks", CHUNKS_MAX);
    faults.check();
    Note.Output output = new Note.Output(Objects.requireNonNull(offset), chunks);
    long next = appended(lender.output(lease, output), lease);
    exchange.json(200, JsonOut.object(out -> out.number("next_offset", next)));
  }

  private static long appended(Result.AppendResult result, LeaseToken lease) {
    return switch (result) {
      case Result.Appended(long chunks) -> chunks;
      case Result.OutputGap(long expected) ->
          throw Problem.of(
                  ProblemCode.OUTPUT_GAP, "The next piece of output has offset " + expected + ".")
              .job(lease.job())
              .with(out -> out.number("expected", expected));
      case Result.LeaseLost lost -> throw Leases.lost(lease);
    };
  }

  /** {@code POST /v1/leases/{token}/usage}, which is taken for a while after the lease. */
  public void usage(Exchange exchange) throws Exception {
    LeaseToken lease = Leases.token(exchange);
    Faults faults = new Faults();
    Members body = Members.of(exchange.jsonBody(), Set.of("usage"), faults).require("usage");
    Usage usage = UsageReader.read(body);
    faults.check();
    switch (lender.usage(lease, usage)) {
      case Result.UsageKept(boolean late) -> Leases.ok(exchange, late ? "late" : "ok");
      case Result.LeaseLost lost -> throw Leases.lost(lease);
    }
  }
}
