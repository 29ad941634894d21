/** The routes of jobs and how a job is shown. */
@NullMarked
package dev.coatcheck.server.jobs;

import org.jspecify.annotations.NullMarked;
