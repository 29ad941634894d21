package dev.coatcheck.server.jobs;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.server.body.Members;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Options of work that is submitted again and again: all but those that are of one submission. */
public final class StandingOptions {

  private static final Set<String> OF_ONE = Set.of("unique_key", "run_at", "delay", "cache");

  /** What they are called. */
  public static final Set<String> NAMES = names();

  private final Options options;

  private StandingOptions(Options options) {
    this.options = options;
  }

  /** Reads the members; faults are noted with them. */
  public static StandingOptions read(Members members) {
    return new StandingOptions(OptionsReader.standing(members));
  }

  public Submission submission(TenantId tenant, String worker, Payload input, List<FileId> files) {
    return options.submission(tenant, worker, new Options.Input(input, null), files, null, null);
  }

  private static Set<String> names() {
    Set<String> names = new HashSet<>(Options.NAMES);
    names.removeAll(OF_ONE);
    return Set.copyOf(names);
  }
}
