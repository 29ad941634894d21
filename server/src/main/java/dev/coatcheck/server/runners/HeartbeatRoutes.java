package dev.coatcheck.server.runners;

import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.lend.Pulse;
import dev.coatcheck.lend.Verdict;
import dev.coatcheck.server.body.Faults;
import dev.coatcheck.server.body.Members;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.json.JsonOut;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/runners/heartbeat}: a runner names the leases that it still holds. */
public final class HeartbeatRoutes {

  private static final Set<String> MEMBERS = Set.of("runner", "leases");
  private static final Set<String> LEASE_MEMBERS = Set.of("lease_token", "progress", "usage");
  private static final int LEASES_MAX = 1_000;
  private static final int TOKEN_MAX = 1_000;

  private final Desk desk;

  public HeartbeatRoutes(Desk desk) {
    this.desk = desk;
  }

  /**
   * A lease as the runner names it.
   *
   * @param pulse null if what it names is no token
   */
  private record Named(String token, @Nullable Pulse pulse) {}

  public void heartbeat(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    Faults faults = new Faults();
    Members members = Members.of(exchange.jsonBody(), MEMBERS, faults).require("runner");
    RunnerId runner = OrderReader.runner(members);
    List<Named> named =
        members.objects("leases", LEASES_MAX, LEASE_MEMBERS).stream()
            .map(HeartbeatRoutes::named)
            .toList();
    faults.check();
    Map<LeaseToken, Verdict> verdicts = new HashMap<>();
    List<Pulse> pulses = new ArrayList<>();
    named.stream().map(Named::pulse).filter(Objects::nonNull).forEach(pulses::add);
    for (Verdict verdict :
        desk.engine().lender().heartbeat(Objects.requireNonNull(runner), pulses)) {
      verdicts.put(verdict.lease(), verdict);
    }
    exchange.json(200, answer(named, verdicts));
  }

  private static Named named(Members lease) {
    lease.require("lease_token");
    String token = Objects.requireNonNullElse(lease.text("lease_token", TOKEN_MAX), "");
    // A report that makes no sense must not cost the runner its leases: what is wrong is left out.
    Members report = lease.noting(new Faults());
    Progress progress = ProgressReader.read(report.object("progress", ProgressReader.MEMBERS));
    Usage usage = UsageReader.read(report);
    return new Named(
        token,
        LeaseToken.parse(token)
            .map(parsed ->
                new Pulse(
                    parsed,
                    lease.get("progress") == null ? null : progress,
                    lease.get("usage") == null ? null : usage))
            .orElse(null));
  }

  private static byte[] answer(List<Named> named, Map<LeaseToken, Verdict> verdicts) {
    return JsonOut.object(out ->
        out.array(
            "leases",
            items -> {
              for (Named each : named) {
                Pulse pulse = each.pulse();
                Verdict verdict = pulse == null ? null : verdicts.get(pulse.lease());
                items.item(item -> write(item, each.token(), verdict));
              }
            }));
  }

  private static void write(JsonOut out, String token, @Nullable Verdict verdict) {
    out.string("lease_token", token);
    switch (verdict) {
      case Verdict.Ok ok -> out.string("state", "ok").instant("expires_at", ok.expiresAt());
      case Verdict.Stop stop -> out.string("state", "stop").string("reason", stop.reason().wire());
      case null -> out.string("state", "stop").string("reason", Verdict.Reason.LOST.wire());
    }
  }
}
