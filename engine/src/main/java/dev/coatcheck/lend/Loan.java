package dev.coatcheck.lend;

import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.RunnerId;
import java.util.List;

/** What a runner gets: who it is from now on, and jobs to work on; none if nothing came in time. */
public record Loan(RunnerId runner, List<Grant> grants) {}
