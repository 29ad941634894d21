package dev.coatcheck.job;

import org.jspecify.annotations.Nullable;

/**
 * The job's place in a tree of jobs.
 *
 * @param step the parent's step that this job works for
 * @param index its place among the children of that step
 */
public record Lineage(JobId parent, JobId root, @Nullable String step, @Nullable Integer index) {}
