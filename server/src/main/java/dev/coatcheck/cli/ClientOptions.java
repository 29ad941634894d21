package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.Target;
import dev.coatcheck.cli.exit.CliException;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.show.JsonText;
import java.io.PrintStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that talks to a server. */
final class ClientOptions {

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The server. Default: COATCHECK_URL, else " + Target.DEFAULT_URL + ".")
  private @Nullable String url;

  @Option(names = "--json", description = "Print the server's JSON, and nothing else, on stdout.")
  private boolean json;

  @Option(
      names = {"--key", "--api-key"},
      hidden = true,
      paramLabel = "KEY")
  private @Nullable String key;

  boolean json() {
    return json;
  }

  /** Whether the command line names a server. */
  boolean given() {
    return url != null;
  }

  /** Whether a server is named, on the command line or in the environment. */
  boolean given(Surroundings around) {
    return given() || !around.env().getOrDefault("COATCHECK_URL", "").isBlank();
  }

  Api connect(Surroundings around) {
    if (key != null) {
      throw CliException.usage(
          "An API key on the command line can be read by every process of this machine.",
          "Set the environment variable COATCHECK_API_KEY instead.");
    }
    String chosen = url != null ? url : around.env().getOrDefault("COATCHECK_URL", "");
    Target target =
        Target.of(
            chosen.isBlank() ? Target.DEFAULT_URL : chosen,
            Optional.ofNullable(around.env().get("COATCHECK_API_KEY")));
    if (target.keyInTheOpen()) {
      around.screen().err().println("Warning: the API key goes to " + target + " without TLS.");
    }
    return new Api(target);
  }

  /** The body as it came. On a terminal the control characters that JSON allows are written out. */
  static void printJson(Screen screen, Answer answer) {
    PrintStream out = screen.out();
    if (screen.live()) {
      out.println(JsonText.safe(answer.text()));
    } else {
      out.writeBytes(answer.body());
      out.println();
    }
    out.flush();
  }
}
