package dev.coatcheck.simulation.world;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.event.Note;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.keep.Files;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Resume;
import dev.coatcheck.simulation.check.OutputRule;
import dev.coatcheck.store.Result;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The desk of a handler in a runner elsewhere: every word goes over the wire. */
final class RemoteDesk implements Desk {

  private static final int TRIES = 25;

  private final RemoteRunner runner;
  private final World world;
  private final Grant grant;
  private long chunks;

  RemoteDesk(RemoteRunner runner, World world, Grant grant) {
    this.runner = runner;
    this.world = world;
    this.grant = grant;
    this.chunks = grant.chunks();
  }

  @Override
  public String who() {
    return runner.name();
  }

  @Override
  public JobId job() {
    return grant.token().job();
  }

  @Override
  public int grant() {
    return grant.grants();
  }

  @Override
  public int attempt() {
    return grant.attempt();
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    runner.machine().sleep(time);
  }

  @Override
  public boolean ask() throws InterruptedException {
    LeaseToken lease = grant.token();
    Wire.Reply<Boolean> reply =
        runner.call(engine -> engine.lender().progress(lease, new Progress(0.5, null, null)));
    boolean goesOn = reply instanceof Wire.Reply.Answer(Boolean held) && held;
    if (!goesOn) {
      world.witnesses().refused(job(), grant());
    }
    return goesOn;
  }

  @Override
  public void progress(double fraction) throws InterruptedException {
    LeaseToken lease = grant.token();
    runner.call(engine -> engine.lender().progress(lease, new Progress(fraction, null, null)));
  }

  @Override
  public void output(String chunk) throws InterruptedException {
    Note.Output note = new Note.Output(chunks, List.of(OutputRule.text(chunks)));
    Result result = insist(engine -> engine.lender().output(grant.token(), note));
    stopIfLost(result);
    chunks++;
    if (result instanceof Result.Appended) {
      world.witnesses().streamed(job(), attempt(), chunks);
    }
  }

  /** Tells what was used under a lease that has ended, until there is an answer. */
  void usedInVain() throws InterruptedException {
    long fence = grant.token().fence();
    Usage usage = new Usage(fence, 10 * fence, null);
    insist(engine -> engine.lender().usage(grant.token(), usage));
  }

  @Override
  public void log(String line) throws InterruptedException {
    List<Note.Logged> lines = List.of(new Note.Logged("info", line));
    stopIfLost(insist(engine -> engine.lender().log(grant.token(), lines)));
  }

  private void stopIfLost(Result result) throws InterruptedException {
    if (result instanceof Result.LeaseLost) {
      world.witnesses().refused(job(), grant());
      throw new InterruptedException("the lease is lost");
    }
  }

  @Override
  public CallbackToken callback() {
    return Objects.requireNonNull(grant.callback());
  }

  @Override
  public Optional<Resume> resume() {
    return Optional.ofNullable(grant.resume());
  }

  @Override
  public void crash() {
    runner.crash();
  }

  /** Tells how the attempt ended, until there is an answer; whether it was heard. */
  boolean end(Verdict verdict) throws InterruptedException {
    LeaseToken lease = grant.token();
    Result result =
        switch (verdict) {
          case Verdict.Done(String output, boolean filing) -> {
            List<FileId> files = filing ? List.of(file(output)) : List.of();
            Outcome.Succeeded done = new Outcome.Succeeded(Payload.utf8(output), Usage.NONE, files);
            yield insist(engine -> engine.lender().complete(lease, done));
          }
          case Verdict.Failed(String message, boolean retryable, int after) -> {
            WorkFailure failure =
                new WorkFailure(
                    ErrorCode.UPSTREAM_ERROR,
                    message,
                    retryable,
                    after == 0 ? null : Duration.ofMillis(after),
                    null,
                    Usage.NONE);
            yield insist(engine -> engine.lender().fail(lease, failure));
          }
          case Verdict.Busy(Duration after) ->
              insist(engine -> engine.lender().busy(lease, "busy", after));
          case Verdict.Suspend(var suspension) ->
              insist(engine -> engine.lender().suspend(lease, suspension));
        };
    world
        .history()
        .tell(
            runner.name(),
            "told the end of %s@%d: %s"
                .formatted(
                    world.witness().alias(job()),
                    lease.fence(),
                    result.getClass().getSimpleName()));
    return !(result instanceof Result.LeaseLost);
  }

  private FileId file(String content) throws InterruptedException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return insist(
            engine -> {
              try (Files.Arrival arrival = engine.files().begin(grant.tenant(), bytes.length)) {
                arrival.write(bytes, 0, bytes.length);
                return arrival.record("made", "text/plain");
              } catch (Blobs.TooLargeException impossible) {
                throw new IllegalStateException(impossible);
              }
            })
        .id();
  }

  private <T> T insist(Wire.Request<T> request) throws InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      Wire.Reply<T> reply = runner.call(request);
      if (reply instanceof Wire.Reply.Answer(T result)) {
        return result;
      }
      sleep(Duration.ofMillis(100 + runner.dice().nextInt(500)));
    }
    throw new InterruptedException("nobody answers");
  }
}
