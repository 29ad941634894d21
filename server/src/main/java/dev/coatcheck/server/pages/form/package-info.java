/** Forms made from JSON Schemas, and the JSON that their fields stand for. */
@NullMarked
package dev.coatcheck.server.pages.form;

import org.jspecify.annotations.NullMarked;
