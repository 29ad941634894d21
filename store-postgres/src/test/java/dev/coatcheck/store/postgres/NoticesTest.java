package dev.coatcheck.store.postgres;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.Store;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hints from another node come again after the connection was lost that they came by. */
@Timeout(60)
final class NoticesTest {

  private static final Duration LATE = Duration.ofSeconds(12);

  @BeforeEach
  void clear() {
    TestDatabase.clear();
  }

  private static Store open(String url) {
    return PostgresStore.open(PostgresOptions.of(url, new SecureRandom()));
  }

  /** Hears for which workers there is work. */
  private static final class Ear implements Signals.Listener {

    private final BlockingQueue<String> work = new LinkedBlockingQueue<>();

    @Override
    public void work(String worker) {
      work.add(worker);
    }

    @Override
    public void changed(JobId job, Phase phase) {}

    @Override
    public void due(Instant at) {}

    /** Tells on one node until it is heard on the other. */
    void hears(Store telling, String worker) throws InterruptedException {
      long until = System.nanoTime() + LATE.toNanos();
      boolean heard = false;
      while (!heard) {
        assertThat(System.nanoTime()).as("nothing heard for %s", LATE).isLessThan(until);
        telling.commit(List.of(new Command.Submit(job(worker).build(Instant.now()), false)));
        heard = worker.equals(work.poll(200, TimeUnit.MILLISECONDS));
      }
      work.clear();
    }
  }

  @Test
  void after_the_server_ended_it() throws Exception {
    try (Store listening = open(TestDatabase.url());
        Store telling = open(TestDatabase.url())) {
      Ear ear = new Ear();
      listening.signals().listen(ear);
      ear.hears(telling, "before");

      assertThat(endListeners()).isGreaterThanOrEqualTo(2);

      ear.hears(telling, "after");
    }
  }

  @Test
  void after_it_has_been_dead_without_an_end() throws Exception {
    try (Cable cable = Cable.to(TestDatabase.url());
        Store listening = open(cable.url());
        Store telling = open(TestDatabase.url())) {
      Ear ear = new Ear();
      listening.signals().listen(ear);
      ear.hears(telling, "before");

      cable.cut();
      cable.mend();

      ear.hears(telling, "after");
    }
  }

  private static int endListeners() throws Exception {
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    + " WHERE query = 'LISTEN coatcheck'")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
