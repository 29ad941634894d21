package dev.coatcheck.job;

import static dev.coatcheck.job.Phase.CANCELED;
import static dev.coatcheck.job.Phase.FAILED;
import static dev.coatcheck.job.Phase.FOLLOWING;
import static dev.coatcheck.job.Phase.READY;
import static dev.coatcheck.job.Phase.RUNNING;
import static dev.coatcheck.job.Phase.SUCCEEDED;
import static dev.coatcheck.job.Phase.SUSPENDED;
import static dev.coatcheck.job.Phase.TIMED_OUT;
import static dev.coatcheck.job.Phase.WAITING;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every move that a job can make, as data. Stores are tested against this table, the diagram in
 * {@code docs/internals/lifecycle.md} is made from it, and each row is taken by a test.
 */
public final class Lifecycle {

  /** What happens to a job, by the name used everywhere. */
  public enum Move {
    SUBMIT("submit"),
    STAGE("stage"),
    CLAIM("claim"),
    COMPLETE("complete"),
    FAIL("fail"),
    BUSY("busy"),
    RELEASE("release"),
    SUSPEND("suspend"),
    RESUME("resume"),
    RESCUE("rescue"),
    EXPIRE("expire"),
    LAND("land"),
    CANCEL("cancel");

    private final String verb;

    Move(String verb) {
      this.verb = verb;
    }

    public String verb() {
      return verb;
    }
  }

  /** One legal move; {@code from} is null when the job is born by it. */
  public record Transition(@Nullable Phase from, Move move, Phase to) {}

  public static final List<Transition> TRANSITIONS =
      List.of(
          new Transition(null, Move.SUBMIT, READY),
          new Transition(null, Move.SUBMIT, WAITING),
          new Transition(null, Move.SUBMIT, RUNNING),
          new Transition(null, Move.SUBMIT, FOLLOWING),
          new Transition(null, Move.SUBMIT, SUCCEEDED),
          new Transition(WAITING, Move.STAGE, READY),
          new Transition(READY, Move.CLAIM, RUNNING),
          new Transition(RUNNING, Move.COMPLETE, SUCCEEDED),
          new Transition(RUNNING, Move.FAIL, FAILED),
          new Transition(RUNNING, Move.FAIL, WAITING),
          new Transition(RUNNING, Move.BUSY, WAITING),
          new Transition(RUNNING, Move.RELEASE, READY),
          new Transition(RUNNING, Move.SUSPEND, SUSPENDED),
          new Transition(RUNNING, Move.SUSPEND, READY),
          new Transition(SUSPENDED, Move.RESUME, READY),
          new Transition(RUNNING, Move.RESCUE, READY),
          new Transition(RUNNING, Move.RESCUE, FAILED),
          new Transition(READY, Move.EXPIRE, TIMED_OUT),
          new Transition(WAITING, Move.EXPIRE, TIMED_OUT),
          new Transition(RUNNING, Move.EXPIRE, TIMED_OUT),
          new Transition(RUNNING, Move.EXPIRE, WAITING),
          new Transition(SUSPENDED, Move.EXPIRE, TIMED_OUT),
          new Transition(SUSPENDED, Move.EXPIRE, WAITING),
          new Transition(FOLLOWING, Move.LAND, SUCCEEDED),
          new Transition(FOLLOWING, Move.LAND, FAILED),
          new Transition(FOLLOWING, Move.LAND, TIMED_OUT),
          new Transition(FOLLOWING, Move.EXPIRE, TIMED_OUT),
          new Transition(FOLLOWING, Move.CANCEL, CANCELED),
          new Transition(READY, Move.CANCEL, CANCELED),
          new Transition(WAITING, Move.CANCEL, CANCELED),
          new Transition(RUNNING, Move.CANCEL, CANCELED),
          new Transition(SUSPENDED, Move.CANCEL, CANCELED));

  private Lifecycle() {}

  public static boolean allows(@Nullable Phase from, Move move, Phase to) {
    return TRANSITIONS.contains(new Transition(from, move, to));
  }

  /** The table as a Mermaid state diagram. */
  public static String diagram() {
    String arrows =
        TRANSITIONS.stream()
            .map(t -> "  " + node(t.from()) + " --> " + node(t.to()) + ": " + t.move().verb())
            .collect(Collectors.joining("\n"));
    return "stateDiagram-v2\n" + arrows + "\n";
  }

  private static String node(@Nullable Phase phase) {
    return phase == null ? "[*]" : phase.name().toLowerCase(java.util.Locale.ROOT);
  }
}
