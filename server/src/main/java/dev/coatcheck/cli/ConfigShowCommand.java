package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Json;
import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Ink;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.screen.Table;
import dev.coatcheck.cli.screen.Table.Cell;
import dev.coatcheck.server.config.ServerConfig;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code config show}: each key, its value, and who gave it. */
@Command(
    name = "show",
    header = "Show every key of the configuration, its value, and where that comes from.",
    description = {
      "",
      "Later wins: default, file, environment (COATCHECK_ and the key in capitals), flag. Secrets are hidden.",
      ""
    },
    sortOptions = false)
final class ConfigShowCommand implements Callable<Integer> {

  private final Surroundings around;

  @Mixin private ServerOptions options = new ServerOptions();

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Mixin HelpOption help = new HelpOption();

  ConfigShowCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    List<ServerConfig.Shown> keys = options.load(around.env()).describe();
    Screen screen = around.screen();
    if (json) {
      screen.out().println(asJson(keys));
    } else {
      screen.print(table(keys, screen.ink()).lines(screen.width()));
    }
    return ExitCode.DONE;
  }

  private static Table table(List<ServerConfig.Shown> keys, Ink ink) {
    Table table = new Table(ink, "KEY", "VALUE", "FROM");
    for (ServerConfig.Shown each : keys) {
      boolean untouched = "default".equals(each.origin());
      table.row(
          new Cell(each.key()),
          new Cell(Inert.line(each.value()), untouched ? text -> text : ink::bold),
          new Cell(Inert.line(each.origin()), untouched ? ink::dim : ink::cyan));
    }
    return table;
  }

  private static String asJson(List<ServerConfig.Shown> keys) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    ArrayNode data = root.putArray("data");
    for (ServerConfig.Shown each : keys) {
      data.addObject()
          .put("key", each.key())
          .put("value", each.value())
          .put("origin", each.origin());
    }
    return Json.pretty(root);
  }
}
