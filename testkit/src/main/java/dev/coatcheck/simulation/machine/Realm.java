package dev.coatcheck.simulation.machine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One simulated process: tasks that live, freeze and die together, and the clock that they read.
 */
public final class Realm {

  private final String name;
  final List<SimTask> frozenTasks = new ArrayList<>();
  final List<SimTask> tasks = new ArrayList<>();
  private boolean alive = true;
  private boolean frozen;
  private Duration skew = Duration.ZERO;

  public Realm(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  public boolean alive() {
    return alive;
  }

  public boolean frozen() {
    return frozen;
  }

  /** How far this process's wall clock is ahead of the world's. */
  public Duration skew() {
    return skew;
  }

  public void skew(Duration ahead) {
    skew = ahead;
  }

  void die() {
    alive = false;
    frozen = false;
  }

  void freeze(boolean still) {
    frozen = still;
  }

  @Override
  public String toString() {
    return name;
  }
}
