package dev.coatcheck.handler;

import dev.coatcheck.file.StoredFile;
import java.io.IOException;
import java.io.InputStream;

/** A file that an attempt may read. */
public interface WorkFile {

  /** What is known of it. */
  StoredFile about();

  /** Its bytes from the start; the caller closes the stream. */
  InputStream open() throws IOException;
}
