package dev.coatcheck.simulation.check;

import dev.coatcheck.job.Lifecycle.Move;
import java.util.EnumSet;
import java.util.Set;

/** What a store was doing when a job changed, and the moves that this may make. */
enum Cause {
  SUBMIT(EnumSet.of(Move.SUBMIT)),
  CLAIM(EnumSet.of(Move.CLAIM)),
  SETTLE(EnumSet.of(Move.COMPLETE, Move.FAIL, Move.EXPIRE)),
  PARK(EnumSet.of(Move.FAIL, Move.BUSY, Move.RELEASE, Move.EXPIRE)),
  SUSPEND(EnumSet.of(Move.SUSPEND)),
  RECEIVE(EnumSet.of(Move.RESUME)),
  CANCEL(EnumSet.of(Move.CANCEL)),
  RESCUE(EnumSet.of(Move.RESCUE, Move.EXPIRE, Move.RESUME)),
  STAGE(EnumSet.of(Move.STAGE, Move.EXPIRE)),
  OTHER(EnumSet.noneOf(Move.class));

  // Set.copyOf is immutable; the type does not say so.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<Move> moves;

  Cause(Set<Move> moves) {
    this.moves = Set.copyOf(moves);
  }

  Set<Move> moves() {
    return moves;
  }
}
