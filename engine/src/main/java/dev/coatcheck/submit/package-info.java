/** The only way a job is born. */
@NullMarked
package dev.coatcheck.submit;

import org.jspecify.annotations.NullMarked;
