/** Schedules over HTTP, and the cron expressions that the engine leaves to others. */
@NullMarked
package dev.coatcheck.server.schedules;

import org.jspecify.annotations.NullMarked;
