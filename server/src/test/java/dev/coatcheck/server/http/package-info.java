/** Requests and answers, model-checked where threads share them. */
@NullMarked
package dev.coatcheck.server.http;

import org.jspecify.annotations.NullMarked;
