package dev.coatcheck.testkit;

import dev.coatcheck.callback.Notice;
import dev.coatcheck.event.Note;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Random commands about a grant, to be given under the token that each side has for it. */
final class GrantChances {

  /** Equal commands for equal grants. */
  @FunctionalInterface
  interface ByLease {
    Command of(Side side, LeaseToken lease);
  }

  private final Chances chances;
  private final List<FileId> files;

  /**
   * Commands about jobs of one tenant.
   *
   * @param files that the tenant has or may have
   */
  GrantChances(Chances chances, List<FileId> files) {
    this.chances = chances;
    this.files = files;
  }

  ByLease any(Grant grant) {
    return switch (chances.upTo(7)) {
      case 0, 1 -> park(grant);
      case 2 -> append(grant);
      case 3, 4 -> suspend(grant);
      case 5 -> receive(grant);
      case 6 -> usage(grant);
      default -> settle(grant);
    };
  }

  ByLease settle(Grant grant) {
    Outcome outcome = chances.outcome(grant, files.subList(0, chances.oneIn(4) ? 3 : 2));
    return (side, lease) -> new Command.Settle(lease, outcome);
  }

  ByLease park(Grant grant) {
    Parking parking = chances.parking(grant);
    return (side, lease) -> new Command.Park(lease, parking);
  }

  ByLease suspend(Grant grant) {
    Suspension suspension = chances.suspension();
    return (side, lease) -> new Command.Suspend(lease, suspension);
  }

  ByLease append(Grant grant) {
    List<Note> notes = chances.notes();
    @Nullable Usage usage = chances.oneIn(2) ? chances.usage() : null;
    return (side, lease) -> new Command.Append(lease, notes, usage);
  }

  ByLease usage(Grant grant) {
    Usage usage = chances.usage();
    return (side, lease) -> new Command.ReportUsage(lease, usage);
  }

  ByLease receive(Grant grant) {
    Notice notice = chances.notice();
    int back = chances.oneIn(4) ? 1 : 0;
    return (side, lease) -> new Command.Receive(side.tokens.of(lease, back), notice);
  }

  ByLease progress(Grant grant) {
    Progress progress = chances.progress();
    return (side, lease) -> new Command.ReceiveProgress(side.tokens.of(lease, 0), progress);
  }

  ByLease stopped(Grant grant) {
    return (side, lease) -> new Command.RunnerStopped(lease);
  }
}
