@NullMarked
package dev.coatcheck.server.schedules;

import org.jspecify.annotations.NullMarked;
