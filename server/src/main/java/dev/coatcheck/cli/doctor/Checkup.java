package dev.coatcheck.cli.doctor;

import dev.coatcheck.server.config.ServerConfig;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** All checks, in the order in which a person would ask. */
public final class Checkup {

  private Checkup() {}

  /** What can be told without a configuration. */
  public static List<Finding> machine(InstantSource clock) {
    return List.of(Machine.java(), Machine.clock(clock.instant()));
  }

  /** What depends on the configuration. */
  public static List<Finding> configured(ServerConfig config) {
    List<Finding> findings = new ArrayList<>();
    if (config.storeUrl().isEmpty()) {
      findings.add(Machine.sqlite());
    }
    findings.addAll(new DataFolder(config.dataDir()).check());
    findings.add(new Port(config.host(), config.port()).check());
    findings.add(access(config));
    return findings;
  }

  /** A configuration that cannot be used, a finding for each problem. */
  public static List<Finding> refused(List<String> problems) {
    return problems.stream().map(problem -> Finding.fail("configuration", problem)).toList();
  }

  private static Finding access(ServerConfig config) {
    if (config.adminKey().isPresent()) {
      return Finding.ok("access", "a key is required");
    }
    return Finding.warn(
        "access",
        "open: everyone with an account on this machine is admin; COATCHECK_ADMIN_KEY closes it");
  }
}
