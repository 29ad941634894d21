package dev.coatcheck.server;

import dev.coatcheck.Engine;
import dev.coatcheck.handler.Handler;
import dev.coatcheck.outbound.Outbound;
import dev.coatcheck.server.config.ServerConfig;
import dev.coatcheck.worker.Retention;
import dev.coatcheck.worker.WorkerSpec;
import dev.coatcheck.workers.http.HttpWorker;
import dev.coatcheck.workers.simulate.SimulateWorker;
import dev.coatcheck.workers.summarize.SummarizeWorker;
import dev.coatcheck.workers.summarize.fetch.OutboundFetcher;
import java.time.Duration;
import java.util.Optional;

/** The workers that every server has. */
final class BuiltinWorkers {

  private BuiltinWorkers() {}

  static void serve(Engine engine, ServerConfig config, Outbound outbound)
      throws InterruptedException {
    serve(
        engine, config, SimulateWorker.spec(config.simulateAllowCrash()), SimulateWorker.handler());
    Handler summarize = SummarizeWorker.handler(new OutboundFetcher(outbound));
    serve(engine, config, SummarizeWorker.spec(), summarize);
    Handler http = HttpWorker.handler(outbound, config.httpAllow(), config.outputMax());
    serve(engine, config, HttpWorker.spec(), http);
  }

  private static void serve(Engine engine, ServerConfig config, WorkerSpec spec, Handler handler)
      throws InterruptedException {
    engine.serve(kept(spec, config.retention()), handler);
  }

  private static WorkerSpec kept(WorkerSpec spec, Optional<Duration> retention) {
    return retention
        .map(time -> spec.toBuilder().retention(new Retention(time, time, time)).build())
        .orElse(spec);
  }
}
