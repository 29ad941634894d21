package dev.coatcheck.client.runner;

import java.util.List;

/**
 * What a call for leases brought.
 *
 * @param runner the name that the server knows this runner by
 */
record LeaseReply(
    String runner, long leaseDurationMs, long heartbeatIntervalMs, List<Lease> leases) {}
