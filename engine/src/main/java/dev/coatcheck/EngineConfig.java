package dev.coatcheck;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.blob.NoBlobs;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.schedule.Timetable;
import java.time.Duration;

/**
 * How an engine runs.
 *
 * @param machine what time, chance and threads are taken from
 * @param cores attempts of computing workers at once
 * @param outputMax bytes of output at most; more fails the job with {@code output_too_large}
 * @param blobs where the bytes of files lie
 * @param filesKept how long a file is kept that no open job refers to
 * @param lease how long a lease of a runner elsewhere lasts without a heartbeat
 * @param timetable which timings of schedules are understood
 */
public record EngineConfig(
    Machine machine,
    int cores,
    int outputMax,
    Blobs blobs,
    Duration filesKept,
    Duration lease,
    Timetable timetable) {

  private static final int OUTPUT_MAX = 1 << 20;
  private static final Duration FILES_KEPT = Duration.ofDays(7);
  private static final Duration LEASE = Duration.ofSeconds(30);

  public static EngineConfig defaults() {
    return on(new JvmMachine());
  }

  /** The defaults, on another machine. */
  public static EngineConfig on(Machine machine) {
    int cores = Runtime.getRuntime().availableProcessors();
    return new EngineConfig(
        machine, cores, OUTPUT_MAX, new NoBlobs(), FILES_KEPT, LEASE, Timetable.ofPeriods());
  }

  public EngineConfig withOutputMax(int bytes) {
    return new EngineConfig(machine, cores, bytes, blobs, filesKept, lease, timetable);
  }

  public EngineConfig withFiles(Blobs place, Duration kept) {
    return new EngineConfig(machine, cores, outputMax, place, kept, lease, timetable);
  }

  public EngineConfig withTimetable(Timetable understood) {
    return new EngineConfig(machine, cores, outputMax, blobs, filesKept, lease, understood);
  }

  public EngineConfig withLease(Duration duration) {
    return new EngineConfig(machine, cores, outputMax, blobs, filesKept, duration, timetable);
  }
}
