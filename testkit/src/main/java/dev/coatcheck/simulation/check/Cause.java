package dev.coatcheck.simulation.check;

import dev.coatcheck.job.Lifecycle.Move;
import java.util.EnumSet;
import java.util.Set;

/** What a store was doing when a job changed. */
enum Cause {
  SUBMIT,
  CLAIM,
  SETTLE,
  PARK,
  SUSPEND,
  RECEIVE,
  CANCEL,
  ADVANCE,
  RESCUE,
  STAGE,
  OTHER;

  /** The moves that this may make. */
  Set<Move> moves() {
    return switch (this) {
      case SUBMIT -> EnumSet.of(Move.SUBMIT);
      case CLAIM -> EnumSet.of(Move.CLAIM);
      case SETTLE -> EnumSet.of(Move.COMPLETE, Move.FAIL, Move.EXPIRE);
      case PARK -> EnumSet.of(Move.FAIL, Move.BUSY, Move.RELEASE, Move.EXPIRE);
      case SUSPEND -> EnumSet.of(Move.SUSPEND);
      case RECEIVE -> EnumSet.of(Move.RESUME);
      case CANCEL -> EnumSet.of(Move.CANCEL);
      case ADVANCE -> EnumSet.of(Move.SUBMIT, Move.CANCEL);
      case RESCUE -> EnumSet.of(Move.RESCUE, Move.EXPIRE, Move.RESUME);
      case STAGE -> EnumSet.of(Move.STAGE, Move.EXPIRE);
      case OTHER -> EnumSet.noneOf(Move.class);
    };
  }
}
