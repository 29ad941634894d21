package dev.coatcheck.simulation.world;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.Resume;
import java.time.Duration;
import java.util.Optional;

/** What a handler may do, wherever it runs. */
interface Desk {

  String who();

  JobId job();

  /** Which grant of the job this is, from 1. */
  int grant();

  int attempt();

  void sleep(Duration time) throws InterruptedException;

  /** Asks whether the attempt may go on. */
  boolean ask() throws InterruptedException;

  void progress(double fraction) throws InterruptedException;

  void output(String chunk) throws InterruptedException;

  void log(String line) throws InterruptedException;

  CallbackToken callback() throws InterruptedException;

  Optional<Resume> resume();

  /** Takes the process down that the handler runs in. */
  void crash();
}
