package dev.coatcheck.server.runners;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a runner made of a job.
 *
 * @param value the output, to be looked at
 * @param output the output as it was written, to be kept
 */
record Completion(
    LeaseToken lease, JsonNode value, Payload output, Usage usage, List<FileId> files) {}
