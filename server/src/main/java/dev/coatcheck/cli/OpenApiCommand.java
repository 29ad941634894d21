package dev.coatcheck.cli;

import dev.coatcheck.cli.exit.CliException;
import dev.coatcheck.cli.exit.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code openapi}: the description of the HTTP API that this build serves. */
@Command(
    name = "openapi",
    header = "Print the OpenAPI description of the HTTP API.",
    description = "",
    sortOptions = false)
final class OpenApiCommand implements Callable<Integer> {

  private static final String RESOURCE = "/openapi.yaml";

  private final Surroundings around;

  @Mixin HelpOption help = new HelpOption();

  OpenApiCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws IOException {
    try (InputStream in = OpenApiCommand.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new CliException(
            ExitCode.INTERNAL, List.of("This build has no OpenAPI description."));
      }
      around.screen().out().writeBytes(in.readAllBytes());
      around.screen().out().flush();
      return ExitCode.DONE;
    }
  }
}
