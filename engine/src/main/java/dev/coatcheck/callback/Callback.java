package dev.coatcheck.callback;

import dev.coatcheck.job.Payload;
import java.time.Instant;

/** What a callback brought, as the attempt that goes on with it is given it. */
public record Callback(Instant receivedAt, String contentType, Payload body) {}
