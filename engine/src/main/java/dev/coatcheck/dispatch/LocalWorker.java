package dev.coatcheck.dispatch;

import dev.coatcheck.handler.Handler;
import dev.coatcheck.worker.WorkerSpec;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A worker whose attempts run in this process.
 *
 * @param mayHaveWork whether jobs may be ready for it in the store
 */
record LocalWorker(WorkerSpec spec, Handler handler, Slots slots, AtomicBoolean mayHaveWork) {}
