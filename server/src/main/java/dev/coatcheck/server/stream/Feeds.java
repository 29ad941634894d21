package dev.coatcheck.server.stream;

import dev.coatcheck.job.JobId;
import dev.coatcheck.observe.Hub;
import dev.coatcheck.server.jobs.Desk;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The feeds of the jobs that are watched now, each as long as it has a reader. */
final class Feeds {

  private static final int PAGE = 100;

  private final Desk desk;
  private final Map<JobId, Entry> entries = new ConcurrentHashMap<>();

  private record Entry(Feed feed, Hub.Watch watch, int readers) {

    Entry with(int count) {
      return new Entry(feed, watch, count);
    }
  }

  Feeds(Desk desk) {
    this.desk = desk;
  }

  /** A place at a job's feed; leave it by closing it. */
  Seat join(JobId job) {
    Entry joined =
        entries.compute(
            job, (id, entry) -> entry == null ? open(id) : entry.with(entry.readers() + 1));
    return new Seat(job, Objects.requireNonNull(joined).feed());
  }

  private Entry open(JobId job) {
    Hub.Watch watch = desk.engine().watch(job);
    Feed feed =
        new Feed(
            job, watch, after -> desk.engine().reader().events(desk.tenant(), job, after, PAGE));
    return new Entry(feed, watch, 1);
  }

  private void leave(JobId job) {
    entries.computeIfPresent(
        job,
        (id, entry) -> {
          if (entry.readers() > 1) {
            return entry.with(entry.readers() - 1);
          }
          entry.watch().close();
          return null;
        });
  }

  /** One reader's place. */
  final class Seat implements AutoCloseable {

    private final JobId job;
    private final Feed feed;

    private Seat(JobId job, Feed feed) {
      this.job = job;
      this.feed = feed;
    }

    Feed feed() {
      return feed;
    }

    @Override
    public void close() {
      leave(job);
    }
  }
}
