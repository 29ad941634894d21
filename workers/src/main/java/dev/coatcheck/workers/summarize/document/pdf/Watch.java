package dev.coatcheck.workers.summarize.document.pdf;

import dev.coatcheck.workers.summarize.document.Checkpoint;
import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoint of one reading. It remembers what has ended the reading, for PDFBox catches what
 * it does not know in places, and throws it again at the next occasion.
 */
final class Watch {

  private final Checkpoint checkpoint;
  private double fraction;
  private @Nullable RuntimeException end;

  Watch(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  /** Tells that so much is done, and goes on if it may. */
  void pass(double done, String message) {
    rethrow();
    fraction = done;
    try {
      checkpoint.pass(done, message);
    } catch (RuntimeException stop) {
      end = stop;
      throw stop;
    }
  }

  /** Goes on if it may; nothing new to tell. */
  void pass() {
    rethrow();
    try {
      checkpoint.pass(fraction);
    } catch (RuntimeException stop) {
      end = stop;
      throw stop;
    }
  }

  /** Ends the reading, wherever it is; to be thrown. */
  UnsupportedInputException refuse(String message) {
    UnsupportedInputException refusal = new UnsupportedInputException(message);
    end = refusal;
    return refusal;
  }

  /** Throws what has ended the reading, if anything has. */
  void rethrow() {
    if (end != null) {
      throw end;
    }
  }
}
