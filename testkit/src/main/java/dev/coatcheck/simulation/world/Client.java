package dev.coatcheck.simulation.world;

import dev.coatcheck.Submitted;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.CacheUse;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.observe.Hub;
import dev.coatcheck.simulation.machine.SimMachine;
import dev.coatcheck.simulation.world.Wire.Reply;
import dev.coatcheck.store.Reader.EventPage;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Hands one submission in, and follows, cancels or repeats it. */
final class Client {

  private static final int TRIES = 40;

  private final World world;
  private final String name;
  private final SimMachine machine;
  private final Script script;
  private final SplittableRandom dice;
  private final TenantId tenant;

  Client(World world, String name, SimMachine machine, Script script, SplittableRandom dice) {
    this.world = world;
    this.name = name;
    this.machine = machine;
    this.script = script;
    this.dice = dice;
    this.tenant = Contracts.TENANTS.get(script.options().tenant());
  }

  void run() {
    try {
      machine.sleep(Duration.ofMillis(dice.nextInt((int) world.storm().toMillis())));
      JobId job = submit(submission(script.name(), null), script.name());
      if (job != null) {
        after(job);
      }
    } catch (InterruptedException never) {
      throw new IllegalStateException(never);
    }
  }

  private void after(JobId job) throws InterruptedException {
    switch (dice.nextInt(6)) {
      case 0 -> {
        machine.sleep(Duration.ofMillis(dice.nextInt(4_000)));
        cancel(job);
        poll(job);
      }
      case 1, 2 -> follow(job);
      case 3 -> {
        if (script.options().keyed()) {
          submit(submission(script.name(), null), script.name());
          submitOther();
        }
        poll(job);
      }
      default -> poll(job);
    }
    if (dice.nextInt(4) == 0) {
      retry(job);
    }
  }

  private void retry(JobId job) throws InterruptedException {
    if (world.witnesses().phase(job) != null) {
      String again = script.name() + "r";
      submit(submission(again, job), again);
    }
  }

  /** Hands in something else under the same key, which must be refused. */
  private void submitOther() throws InterruptedException {
    String other = script.name() + "x";
    Idempotency key = new Idempotency(Payload.utf8(script.name()), Payload.utf8(other));
    submit(submission(other, null).withIdempotency(key), other);
  }

  private Submission submission(String name, @Nullable JobId retryOf) {
    Script.Options options = script.options();
    Payload input = Payload.utf8(name);
    Idempotency key = options.keyed() ? new Idempotency(input, input) : null;
    return new Submission(
        tenant,
        options.worker(),
        input,
        retryOf == null ? options.uniqueKey() : null,
        options.priority(),
        null,
        options.delay(),
        options.queueTimeout(),
        null,
        options.deadline(),
        null,
        null,
        Map.of(),
        List.of(),
        key,
        retryOf,
        CacheUse.USE,
        null);
  }

  private @Nullable JobId submit(Submission submission, String as) throws InterruptedException {
    boolean keyed = submission.idempotency() != null;
    for (int i = 0; i < TRIES; i++) {
      Reply<Submitted> reply =
          call(engine -> {
            world.witnesses().delivered(as, keyed);
            return engine.submit(submission);
          });
      if (reply instanceof Reply.Answer(Submitted answer)) {
        return answered(as, submission, answer);
      }
      if (reply instanceof Reply.Unknown && !keyed) {
        world.history().tell(name, "info submit " + as);
        return null;
      }
      machine.sleep(Duration.ofMillis(100 + dice.nextInt(1_500)));
    }
    return null;
  }

  private @Nullable JobId answered(String as, Submission submission, Submitted answer) {
    boolean keyed = submission.idempotency() != null;
    boolean sole = submission.uniqueKey() == null && submission.retryOf() == null;
    return switch (answer) {
      case Submitted.Created(Job job) -> acknowledged(as, job, keyed, sole);
      case Submitted.Replayed(Job job) -> acknowledged(as, job, keyed, sole);
      case Submitted.Existing(Job job) -> acknowledged(as, job, keyed, sole);
      default -> {
        world.history().tell(name, "fail submit " + as + " " + answer.getClass().getSimpleName());
        yield null;
      }
    };
  }

  private JobId acknowledged(String as, Job job, boolean keyed, boolean sole) {
    world.witnesses().acknowledged(name, as, job, keyed, sole);
    return job.id();
  }

  private void cancel(JobId job) throws InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      Reply<Result.CancelResult> reply = call(engine -> engine.cancel(tenant, job));
      if (reply instanceof Reply.Answer(Result.CancelResult result)) {
        if (result instanceof Result.Canceled(Job canceled)) {
          world.witnesses().canceled(name, canceled);
        }
        return;
      }
      machine.sleep(Duration.ofMillis(100 + dice.nextInt(1_000)));
    }
  }

  private void poll(JobId job) throws InterruptedException {
    Duration patience = Duration.ofMillis(500 + dice.nextInt(4_000));
    while (true) {
      long asked = machine.nanos();
      Reply<Lookup> reply = call(engine -> engine.await(tenant, job, patience));
      if (reply instanceof Reply.Answer(Lookup.Found(Job found))) {
        world.witnesses().read(name + '/' + script.name(), found, asked);
        if (found.done()) {
          download(found);
          return;
        }
      }
      if (reply instanceof Reply.Answer(Lookup lookup) && !(lookup instanceof Lookup.Found)) {
        world.witnesses().gone(name, job, lookup);
        return;
      }
      machine.sleep(Duration.ofMillis(50 + dice.nextInt(1_000)));
    }
  }

  /** Gets every file that a finished job lists. */
  private void download(Job job) throws InterruptedException {
    for (FileId file : job.files()) {
      Reply<String> reply = call(engine -> content(engine, file));
      if (reply instanceof Reply.Answer(String content)) {
        world.witnesses().downloaded(name, job, content);
      }
    }
  }

  private String content(dev.coatcheck.Engine engine, FileId file) {
    StoredFile known = engine.files().find(tenant, file).orElse(null);
    if (known == null) {
      return "";
    }
    try (InputStream bytes = engine.files().open(known, 0)) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException gone) {
      return "";
    }
  }

  /** Reads the job's events page by page, each from the last one that arrived. */
  private void follow(JobId job) throws InterruptedException {
    List<JobEvent> events = new ArrayList<>();
    int limit = 1 + dice.nextInt(8);
    while (events.isEmpty() || !(events.getLast() instanceof JobEvent.Done)) {
      long after = events.isEmpty() ? 0 : events.getLast().id();
      Reply<EventPage> reply = call(engine -> page(engine, job, after, limit));
      if (reply instanceof Reply.Answer(EventPage page)) {
        events.addAll(page.events());
        if (page.events().isEmpty() && gone(job)) {
          return;
        }
      } else {
        machine.sleep(Duration.ofMillis(50 + dice.nextInt(500)));
      }
    }
    world.witnesses().followed(name, job, events);
  }

  private boolean gone(JobId job) throws InterruptedException {
    Reply<Lookup> reply = call(engine -> engine.reader().job(tenant, job));
    if (reply instanceof Reply.Answer(Lookup lookup) && !(lookup instanceof Lookup.Found)) {
      world.witnesses().gone(name, job, lookup);
      return true;
    }
    return false;
  }

  private EventPage page(dev.coatcheck.Engine engine, JobId job, long after, int limit)
      throws InterruptedException {
    try (Hub.Watch watch = engine.watch(job)) {
      EventPage page = engine.reader().events(tenant, job, after, limit);
      if (page.events().isEmpty()) {
        watch.await(Duration.ofSeconds(2));
        page = engine.reader().events(tenant, job, after, limit);
      }
      return Objects.requireNonNull(page);
    }
  }

  private <T> Reply<T> call(Wire.Request<T> request) throws InterruptedException {
    return world.wire().call(machine, world.anyNode(dice), Wire.Call.of(request));
  }
}
