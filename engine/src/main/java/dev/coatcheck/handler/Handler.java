package dev.coatcheck.handler;

import dev.coatcheck.job.Payload;

/**
 * Does the work of one attempt in this process, as plain blocking code. It may be called again for
 * the same job after a crash, so what it does outside should be keyed by {@link WorkContext#job}.
 */
@FunctionalInterface
public interface Handler {

  /**
   * Works and answers.
   *
   * @throws InterruptedException when the attempt is to stop: canceled, timed out, or the engine
   *     stops. {@link WorkContext#stopping} tells why
   * @throws WorkFailure to fail with a code and to say whether another attempt can help
   * @throws Exception anything else fails the attempt as {@code worker_error}, retryable
   */
  Reply handle(WorkContext context, Payload input) throws Exception;
}
