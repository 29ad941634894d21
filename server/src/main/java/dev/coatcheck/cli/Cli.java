package dev.coatcheck.cli;

import dev.coatcheck.cli.exit.CliException;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.host.Host;
import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Ink;
import dev.coatcheck.cli.screen.Screen;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reads the arguments, runs the command, turns every failure into an exit code and plain lines. */
public final class Cli {

  private static final int HELP_WIDTH_MAX = 100;

  private final Surroundings around;

  public Cli(Screen screen, Map<String, String> env, Host host) {
    this.around = new Surroundings(screen, env, host);
  }

  /** The program as the launcher runs it. */
  public static int run(Host host, String... args) {
    Logging.SILENT.use();
    Map<String, String> env = System.getenv();
    return new Cli(Screen.ofProcess(env), env, host).run(args);
  }

  public int run(String... args) {
    Screen screen = around.screen();
    CommandLine line = commands();
    line.setOut(writer(screen.out()));
    line.setErr(writer(screen.err()));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(screen.ink() == Ink.COLOUR ? Ansi.ON : Ansi.OFF));
    line.setUsageHelpWidth(Math.clamp(screen.width(), 60, HELP_WIDTH_MAX));
    line.setUsageHelpLongOptionsMaxWidth(30);
    line.setAbbreviatedOptionsAllowed(false);
    line.setExpandAtFiles(false);
    line.setParameterExceptionHandler((e, _) -> badUsage(e));
    line.setExecutionExceptionHandler((e, _, _) -> failed(e));
    return line.execute(args);
  }

  private CommandLine commands() {
    return new CommandLine(new RootCommand())
        .addSubcommand(new DemoCommand(around))
        .addSubcommand(new ServeCommand(around))
        .addSubcommand(new SubmitCommand(around))
        .addSubcommand(new WatchCommand(around))
        .addSubcommand(new GetCommand(around))
        .addSubcommand(new CancelCommand(around))
        .addSubcommand(new RetryCommand(around))
        .addSubcommand(new JobsCommand(around))
        .addSubcommand(
            new CommandLine(new DeadLettersCommand())
                .addSubcommand(new DeadLettersListCommand(around))
                .addSubcommand(new DeadLettersGroupsCommand(around))
                .addSubcommand(new DeadLettersRedriveCommand(around))
                .addSubcommand(new DeadLettersDiscardCommand(around)))
        .addSubcommand(new WorkersCommand(around))
        .addSubcommand(
            new CommandLine(new SchedulesCommand())
                .addSubcommand(new SchedulesListCommand(around))
                .addSubcommand(new SchedulesGetCommand(around))
                .addSubcommand(new SchedulesPutCommand(around))
                .addSubcommand(new SchedulesDeleteCommand(around))
                .addSubcommand(new SchedulesRunCommand(around)))
        .addSubcommand(
            new CommandLine(new ConfigCommand()).addSubcommand(new ConfigShowCommand(around)))
        .addSubcommand(new BackupCommand(around))
        .addSubcommand(new RestoreCommand(around))
        .addSubcommand(new DoctorCommand(around))
        .addSubcommand(new OpenApiCommand(around));
  }

  private int badUsage(ParameterException e) {
    PrintStream err = around.screen().err();
    err.println(Inert.line(String.valueOf(e.getMessage())));
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> close = unmatched.getSuggestions();
      if (!close.isEmpty()) {
        err.println("Did you mean: " + String.join(", ", close) + "?");
      }
    }
    err.println("See " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  private int failed(Exception e) {
    PrintStream err = around.screen().err();
    if (e instanceof CliException expected) {
      expected.lines().forEach(line -> err.println(Inert.block(line)));
      return expected.exitCode();
    }
    err.println("Coatcheck has met a defect of its own: " + Inert.line(e.toString()));
    if (around.env().containsKey("COATCHECK_DEBUG")) {
      e.printStackTrace(err);
    } else {
      err.println("Run it again with COATCHECK_DEBUG=1 to see where.");
    }
    return ExitCode.INTERNAL;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }
}
