/** Files over HTTP: upload, links, download, and forms with files in them. */
@NullMarked
package dev.coatcheck.server.files;

import org.jspecify.annotations.NullMarked;
