package dev.coatcheck.lend;

import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import org.jspecify.annotations.Nullable;

/** What a heartbeat says of one lease that the runner holds. */
public record Pulse(LeaseToken lease, @Nullable Progress progress, @Nullable Usage usage) {}
