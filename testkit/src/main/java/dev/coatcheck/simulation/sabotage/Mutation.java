package dev.coatcheck.simulation.sabotage;

import dev.coatcheck.job.JobId;
import dev.coatcheck.simulation.check.Invariant;
import dev.coatcheck.simulation.machine.SimMachine;
import dev.coatcheck.simulation.world.Sabotage;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Store;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/** The defects, by their numbers, with the invariants one of which must show each. */
public enum Mutation {
  M1("a submission is acknowledged before it is committed", EnumSet.of(Invariant.I1)) {
    @Override
    Maker maker() {
      return Intake.EarlyAcknowledgement::new;
    }
  },
  M4("an outcome is recorded without a look at the fence", EnumSet.of(Invariant.I2)) {
    @Override
    Maker maker() {
      return Fencing.NoFenceAtTheEnd::new;
    }
  },
  M5("the runner's name serves as fence", EnumSet.of(Invariant.I2)) {
    @Override
    Maker maker() {
      return Fencing.NameAsFence::new;
    }
  },
  M6("a heartbeat extends a lease that was taken back", EnumSet.of(Invariant.I2, Invariant.I12)) {
    @Override
    Maker maker() {
      return Fencing.HeartbeatRevives::new;
    }
  },
  M7("the sweeper writes by id alone", EnumSet.of(Invariant.I2, Invariant.I12)) {
    @Override
    Maker maker() {
      return Fencing.SweepById::new;
    }
  },
  M8("the sweeper stops at a full batch of idle rows", EnumSet.of(Invariant.I10)) {
    @Override
    Maker maker() {
      return Tending.FullBatchEnds::new;
    }
  },
  M9("a cancel reads first and writes later", EnumSet.of(Invariant.I2, Invariant.I3)) {
    @Override
    Maker maker() {
      return Fencing.CancelReadsFirst::new;
    }
  },
  M10("a completion overwrites a cancel", EnumSet.of(Invariant.I2, Invariant.I3)) {
    @Override
    Maker maker() {
      return Fencing.EndOverCancel::new;
    }
  },
  M18("an idempotency key is looked for, then stored", EnumSet.of(Invariant.I6)) {
    @Override
    Maker maker() {
      Intake.Keys keys = new Intake.Keys();
      return (inner, ledger, machine, clock) ->
          new Intake.CheckThenInsert(inner, ledger, machine, clock, keys);
    }
  },
  M21("an attempt whose lease ran out does not count", EnumSet.of(Invariant.I9, Invariant.I11)) {
    @Override
    Maker maker() {
      return Fencing.LossUncounted::new;
    }
  },
  M22("hints stop, and the fallback looks every ten minutes", EnumSet.of(Invariant.I10)) {
    @Override
    Maker maker() {
      return Tending.Deaf::new;
    }
  },
  M23("leases run out by the looker's clock", EnumSet.of(Invariant.I12, Invariant.I13)) {
    @Override
    Maker maker() {
      return Fencing.OwnClock::new;
    }
  },
  M24("retries wait without jitter", EnumSet.of(Invariant.I13)) {
    @Override
    Maker maker() {
      return Tending.NoJitter::new;
    }
  },
  M26("a stream is resumed one event too early", EnumSet.of(Invariant.I16)) {
    @Override
    Maker maker() {
      return Tending.ResumeOffByOne::new;
    }
  },
  M27("jobs are read from a copy that follows later", EnumSet.of(Invariant.I17)) {
    @Override
    Maker maker() {
      Lagging.Past past = new Lagging.Past();
      return (inner, ledger, machine, clock) -> new Lagging(inner, ledger, machine, clock, past);
    }
  },
  M28("a file is listed before it is committed", EnumSet.of(Invariant.I18)) {
    @Override
    Maker maker() {
      return Intake.EarlyFile::new;
    }
  },
  M29("a tick of a schedule is not unique", EnumSet.of(Invariant.I21)) {
    @Override
    Maker maker() {
      return Intake.TickTwice::new;
    }
  },
  S1("output that is given again is added again", EnumSet.of(Invariant.I16)) {
    @Override
    Maker maker() {
      return Accounts.OutputTwice::new;
    }
  },
  S2("usage that comes after the end is charged", EnumSet.of(Invariant.I9)) {
    @Override
    Maker maker() {
      return Accounts.LateUsageCharged::new;
    }
  },
  S3("a finished job is deleted before its time", EnumSet.of(Invariant.I1)) {
    @Override
    Maker maker() {
      return Accounts.EarlyPrune::new;
    }
  };

  private final String defect;

  // Set.copyOf is immutable; the type does not say so.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<Invariant> shownBy;

  Mutation(String defect, Set<Invariant> shownBy) {
    this.defect = defect;
    this.shownBy = Set.copyOf(shownBy);
  }

  /** Makes the store of one node; what it closes over is shared by the nodes of a world. */
  interface Maker {
    Store of(Store inner, Ledger ledger, SimMachine machine, InstantSource clock);
  }

  abstract Maker maker();

  public String defect() {
    return defect;
  }

  /** A run that breaks one of these has caught the defect. */
  public Set<Invariant> shownBy() {
    return shownBy;
  }

  /** The defect for one world. */
  public Sabotage forOneWorld() {
    Ledger ledger = new Ledger();
    Maker maker = maker();
    return new Sabotage() {
      @Override
      public Store of(Store honest, SimMachine node) {
        return maker.of(honest, ledger, node, () -> node.now().minus(node.realm().skew()));
      }

      @Override
      public Reader sees(Reader honest) {
        return new SabotagedStore.Altered(honest, ledger);
      }

      @Override
      public void tells(Consumer<JobId> changed) {
        ledger.tells(changed);
      }
    };
  }
}
