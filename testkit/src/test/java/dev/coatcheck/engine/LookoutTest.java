package dev.coatcheck.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.Engine;
import dev.coatcheck.EngineConfig;
import dev.coatcheck.Submitted;
import dev.coatcheck.handler.Reply;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.simulation.store.ForwardingStore;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Signals;
import dev.coatcheck.testkit.InMemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An engine that hears nothing of what other nodes do. */
@Timeout(60)
class LookoutTest {

  private static final class Silent extends ForwardingStore {

    Silent(InMemoryStore inner) {
      super(inner);
    }

    @Override
    public Signals signals() {
      return new Signals() {
        @Override
        public boolean lossy() {
          return true;
        }

        @Override
        public void listen(Listener listener) {}
      };
    }
  }

  private static Engine deaf(InMemoryStore store) {
    return Engine.start(new Silent(store), EngineConfig.on(new JvmMachine()));
  }

  @Test
  void who_waits_for_a_job_that_ends_elsewhere_learns_of_it_within_a_moment() throws Exception {
    try (Bench there = new Bench(InMemoryStore.open(InstantSource.system(), new Random(1)));
        Engine here = deaf(there.store.anotherNode())) {
      there.serve(
          "w",
          (context, input) -> {
            context.sleep(Duration.ofMillis(1_300));
            return Reply.completed(input);
          });
      JobId id = there.submit(Bench.job("w"));

      Lookup seen = here.await(TenantId.DEFAULT, id, Bench.LONG);
      Instant heard = Instant.now();

      Job job = ((Lookup.Found) seen).job();
      assertThat(job.done()).isTrue();
      assertThat(Duration.between(job.times().finishedAt(), heard))
          .isLessThan(Duration.ofSeconds(3));
    }
  }

  @Test
  void a_handler_whose_job_is_canceled_elsewhere_stops() throws Exception {
    InMemoryStore store = InMemoryStore.open(InstantSource.system(), new Random(1));
    try (Engine here = deaf(store)) {
      CountDownLatch started = new CountDownLatch(1);
      CountDownLatch stopped = new CountDownLatch(1);
      here.serve(
          Bench.worker("w").build(),
          (context, input) -> {
            started.countDown();
            try {
              context.sleep(Duration.ofMinutes(5));
            } finally {
              stopped.countDown();
            }
            return Reply.completed(Payload.utf8("1"));
          });
      JobId id = ((Submitted.Created) here.submit(Bench.job("w"))).job().id();
      started.await();
      store.anotherNode().commit(List.of(new Command.Cancel(TenantId.DEFAULT, id)));
      assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
