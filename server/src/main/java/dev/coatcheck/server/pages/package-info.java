/** The pages for people: jobs, workers, forms. They use the same doors as the JSON routes. */
@NullMarked
package dev.coatcheck.server.pages;

import org.jspecify.annotations.NullMarked;
