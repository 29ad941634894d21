package dev.coatcheck.runtime.jvm;

import dev.coatcheck.runtime.Promise;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

final class JvmPromise<T> implements Promise<T> {

  private final CompletableFuture<T> future = new CompletableFuture<>();

  @Override
  public void keep(T value) {
    future.complete(value);
  }

  @Override
  public void breakWith(RuntimeException cause) {
    future.completeExceptionally(cause);
  }

  @Override
  public T await() throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException broken) {
      if (broken.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(broken.getCause());
    }
  }
}
