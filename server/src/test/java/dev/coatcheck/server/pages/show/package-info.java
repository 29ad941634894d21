@NullMarked
package dev.coatcheck.server.pages.show;

import org.jspecify.annotations.NullMarked;
