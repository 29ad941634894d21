package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Json;
import dev.coatcheck.cli.doctor.Checkup;
import dev.coatcheck.cli.doctor.Finding;
import dev.coatcheck.cli.doctor.Finding.Grade;
import dev.coatcheck.cli.exit.CliException;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Ink;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.screen.Widths;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code doctor}: would a server run here? */
@Command(
    name = "doctor",
    header = "Check whether a server would run well here.",
    description = {"", "Exits 1 if a check failed; warnings do not count.", ""},
    sortOptions = false)
final class DoctorCommand implements Callable<Integer> {

  private final Surroundings around;

  @Mixin private ServerOptions options = new ServerOptions();

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Mixin HelpOption help = new HelpOption();

  DoctorCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    List<Finding> findings = new ArrayList<>(Checkup.machine(InstantSource.system()));
    try {
      findings.addAll(Checkup.configured(options.load(around.env())));
    } catch (CliException e) {
      findings.addAll(Checkup.refused(e.lines()));
    }
    boolean failed = findings.stream().anyMatch(each -> each.grade() == Grade.FAIL);
    Screen screen = around.screen();
    if (json) {
      screen.out().println(asJson(findings, !failed));
    } else {
      findings.forEach(each -> screen.out().println(line(each, screen.ink())));
    }
    return failed ? ExitCode.NOT_SUCCEEDED : ExitCode.DONE;
  }

  private static String line(Finding finding, Ink ink) {
    String word = Widths.pad(word(finding.grade()), 4);
    String painted =
        switch (finding.grade()) {
          case OK -> ink.green(word);
          case WARN -> ink.yellow(word);
          case FAIL -> ink.red(word);
        };
    return painted + "  " + Widths.pad(finding.check(), 13) + "  " + Inert.line(finding.detail());
  }

  private static String asJson(List<Finding> findings, boolean ok) {
    ObjectNode root = Json.MAPPER.createObjectNode().put("ok", ok);
    ArrayNode checks = root.putArray("checks");
    for (Finding each : findings) {
      checks
          .addObject()
          .put("check", each.check())
          .put("result", word(each.grade()))
          .put("detail", each.detail());
    }
    return Json.pretty(root);
  }

  private static String word(Grade grade) {
    return grade.name().toLowerCase(Locale.ROOT);
  }
}
