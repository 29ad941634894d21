package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.operation.Operation;
import dev.coatcheck.operation.Operation.Tally;
import dev.coatcheck.operation.OperationId;
import dev.coatcheck.operation.Pace;
import dev.coatcheck.operation.Place;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Deed;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.OrderForm;
import dev.coatcheck.store.base.Slice;
import dev.coatcheck.store.base.Upkeep;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Begins operations and does their slices. */
final class OperationStep {

  private OperationStep() {}

  static Result begin(Turn turn, Command.Begin begin) throws SQLException {
    OrderForm form = OrderForm.of(begin.order());
    Integer perSecond = begin.pace().perSecond();
    turn.bind(Sql.INSERT_OPERATION)
        .bytes(blob(begin.id()))
        .text(begin.tenant().value())
        .text(form.kind())
        .text(form.filter())
        .text(form.worker())
        .payload(form.patch())
        .number(perSecond == null ? null : Long.valueOf(perSecond))
        .number(begin.pace().limit())
        .number(begin.matched())
        .time(turn.now())
        .update();
    return new Result.Begun(
        Operation.begun(
            begin.id(), begin.tenant(), begin.order(), begin.pace(), begin.matched(), turn.now()));
  }

  static Result.AdvanceResult advance(Turn turn, Command.Advance command) throws SQLException {
    turn.flush();
    Operation before = find(turn.bind(Sql.OPERATION), command.operation());
    if (before == null || before.done() || before.version() != command.version()) {
      return new Result.Overtaken();
    }
    if (before.dueAt().isAfter(turn.now())) {
      return new Result.NotYet();
    }
    Result.Advanced advanced =
        Slice.of(before, command, turn.now(), deed -> act(turn, before.tenant(), deed));
    Operation after = advanced.operation();
    Place place = after.place();
    int met =
        turn.bind(Sql.ADVANCE_OPERATION)
            .bytes(blob(command.operation()))
            .number(command.version())
            .number(after.tally().succeeded())
            .number(after.tally().skipped())
            .number(after.tally().failed())
            .time(place == null ? null : place.at())
            .id(place == null ? null : place.job())
            .time(after.dueAt())
            .time(after.finishedAt())
            .update();
    if (met != 1) {
      throw new IllegalStateException("the operation has moved within the transaction");
    }
    if (after.finishedAt() != null) {
      turn.hints().due(Upkeep.PRUNE, after.finishedAt().plus(Command.OPERATION_KEPT));
    }
    return advanced;
  }

  private static Result act(Turn turn, TenantId tenant, Deed deed) throws SQLException {
    return switch (deed) {
      case Deed.Redrive(var place, var job) -> LetterStep.redrive(turn, job);
      case Deed.Cancel(var place, var only) ->
          CancelStep.take(turn, new Command.Cancel(tenant, place.job()), only);
      case Deed.Refuse refuse -> new Result.Refused();
    };
  }

  static @Nullable Operation find(Bind query, OperationId id) throws SQLException {
    List<Operation> found = all(query.bytes(blob(id)));
    return found.isEmpty() ? null : found.getFirst();
  }

  static List<Operation> all(Bind query) throws SQLException {
    List<Operation> operations = new ArrayList<>();
    try (ResultSet rows = query.query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        operations.add(read(row));
      }
    }
    return operations;
  }

  private static Operation read(Columns row) throws SQLException {
    JobId id = row.id();
    TenantId tenant = new TenantId(row.text());
    OrderForm form = new OrderForm(row.text(), row.text(), row.optionalText(), row.payload());
    Long perSecond = row.optionalNumber();
    Pace pace =
        new Pace(perSecond == null ? null : Math.toIntExact(perSecond), row.optionalNumber());
    long matched = row.number();
    Tally tally = new Tally(row.number(), row.number(), row.number());
    long version = row.number();
    Instant placeAt = row.optionalTime();
    JobId placeJob = row.optionalId();
    return new Operation(
        new OperationId(id.high(), id.low()),
        tenant,
        form.order(),
        pace,
        matched,
        tally,
        version,
        placeAt == null || placeJob == null ? null : new Place(placeAt, placeJob),
        row.time(),
        row.time(),
        row.optionalTime());
  }

  private static byte[] blob(OperationId id) {
    return Bind.blob(id.high(), id.low());
  }
}
