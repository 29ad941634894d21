package dev.coatcheck.simulation.world;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.handler.WorkContext;
import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.Resume;
import java.time.Duration;
import java.util.Optional;

/** The desk of a handler in a node. */
record LocalDesk(String who, Node node, WorkContext context) implements Desk {

  @Override
  public JobId job() {
    return context.job();
  }

  @Override
  public int grant() {
    return context.grants();
  }

  @Override
  public int attempt() {
    return context.attempt();
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    context.sleep(time);
  }

  @Override
  public boolean ask() {
    return context.stopping().isEmpty();
  }

  @Override
  public void progress(double fraction) {
    context.progress(fraction, null, null);
  }

  @Override
  public void output(String chunk) {
    context.output(chunk);
  }

  @Override
  public void log(String line) {
    context.log("info", line);
  }

  @Override
  public CallbackToken callback() throws InterruptedException {
    return context.callback();
  }

  @Override
  public Optional<Resume> resume() {
    return context.resume();
  }

  @Override
  public void crash() {
    node.crash();
  }
}
