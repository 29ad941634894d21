package dev.coatcheck.cli;

import dev.coatcheck.cli.host.Host;
import dev.coatcheck.cli.screen.Screen;
import java.util.Map;

/** What a command can reach. */
record Surroundings(Screen screen, Map<String, String> env, Host host) {}
