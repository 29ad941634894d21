package dev.coatcheck.server;

import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Counts how often events are read from a store, and how often commands are committed. */
final class CountingStore {

  final AtomicLong eventReads = new AtomicLong();
  final AtomicLong commits = new AtomicLong();

  /** Commits with submissions among them. */
  final AtomicLong submits = new AtomicLong();

  Store around(Store store) {
    Reader counted = (Reader) wrap(Reader.class, store.reader(), null);
    return (Store) wrap(Store.class, store, counted);
  }

  private Object wrap(
      Class<?> type, Object target, @org.jspecify.annotations.Nullable Reader reader) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          switch (method.getName()) {
            case "events" -> eventReads.incrementAndGet();
            case "commit" -> {
              commits.incrementAndGet();
              boolean submits =
                  ((List<?>) arguments[0]).stream().anyMatch(Command.Submit.class::isInstance);
              this.submits.addAndGet(submits ? 1 : 0);
            }
            default -> {}
          }
          if (reader != null && method.getName().equals("reader")) {
            return reader;
          }
          try {
            return method.invoke(target, arguments);
          } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
          }
        });
  }
}
