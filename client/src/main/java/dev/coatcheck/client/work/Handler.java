package dev.coatcheck.client.work;

import org.jspecify.annotations.Nullable;

/**
 * Does the work of one attempt, as plain blocking code. It may be called again for the same job
 * after a crash, so what it does outside should be keyed by {@link WorkContext#job}.
 *
 * @param <I> what the input is read as
 * @param <O> what is written as the output
 */
@FunctionalInterface
public interface Handler<I, O extends @Nullable Object> {

  /**
   * Works and answers with the output.
   *
   * @throws InterruptedException when the attempt is to stop; {@link WorkContext#stopping} tells
   *     why
   * @throws NotDone to be busy, to suspend, to hand the job back or to fail with a code
   * @throws Exception anything else fails the attempt as {@code worker_error}, retryable
   */
  O handle(WorkContext context, I input) throws Exception;
}
