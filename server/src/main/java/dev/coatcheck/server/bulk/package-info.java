/** What is done to many jobs: dead letters, bulk cancels, and the operations that do it. */
@NullMarked
package dev.coatcheck.server.bulk;

import org.jspecify.annotations.NullMarked;
