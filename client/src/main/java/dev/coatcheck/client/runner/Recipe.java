package dev.coatcheck.client.runner;

import dev.coatcheck.client.http.Link;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import tools.jackson.databind.json.JsonMapper;

/** What a runner is made from. */
record Recipe(
    Link link,
    Identity identity,
    Map<String, Bound<?>> handlers,
    int concurrency,
    Duration longPoll,
    Duration grace,
    JsonMapper json,
    ExecutorService executor,
    boolean ownExecutor) {}
