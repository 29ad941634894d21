@NullMarked
package dev.coatcheck.server.jobs;

import org.jspecify.annotations.NullMarked;
