package dev.coatcheck.store.postgres;

import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Standing;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Takes what an attempt used, also for a while after its end. */
final class UsageStep {

  private UsageStep() {}

  static Result.UsageResult take(Turn turn, Command.ReportUsage command) throws SQLException {
    turn.flush(command.lease().job());
    LeaseToken lease = command.lease();
    Grants.Known known = Grants.find(turn::bind, lease);
    if (known == null) {
      return new Result.LeaseLost();
    }
    return switch (known.standing()) {
      case Standing.Held held -> {
        AppendStep.take(turn, new Command.Append(lease, List.of(), command.usage()));
        yield new Result.UsageKept(false);
      }
      case Standing.Ended ended -> late(turn, command, known);
      case Standing.Unknown unknown -> new Result.LeaseLost();
    };
  }

  private static Result.UsageResult late(Turn turn, Command.ReportUsage command, Grants.Known known)
      throws SQLException {
    Instant endedAt = known.endedAt();
    if (endedAt == null || endedAt.plus(Command.LATE_USAGE).isBefore(turn.now())) {
      return new Result.LeaseLost();
    }
    turn.bind(Sql.ADD_LATE_USAGE)
        .id(command.lease().job())
        .number(command.lease().fence())
        .usage(command.usage())
        .update();
    return new Result.UsageKept(true);
  }
}
