package dev.coatcheck.simulation.store;

import dev.coatcheck.store.Reader;
import java.util.function.Supplier;

/** Reads that may let others go first, and may fail. */
final class SimReader extends ForwardingReader {

  private final Trouble trouble;

  SimReader(Reader inner, Trouble trouble) {
    super(inner);
    this.trouble = trouble;
  }

  @Override
  protected <T> T through(Supplier<T> look) {
    return trouble.read(look);
  }
}
