package dev.coatcheck.client.runner;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who a runner says it is, and what it works for. */
record Identity(@Nullable String name, @Nullable String version, Set<String> workers) {}
