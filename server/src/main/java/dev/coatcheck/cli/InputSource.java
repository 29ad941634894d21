package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Json;
import dev.coatcheck.cli.exit.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;

/** A value given on the command line: itself, {@code @file}, or {@code -} for standard input. */
final class InputSource {

  /** More than any server takes by default, so that the server's own limit decides. */
  private static final int LIMIT = 64 << 20;

  private final InputStream stdin;

  InputSource(InputStream stdin) {
    this.stdin = stdin;
  }

  /** Exactly one JSON value, as it was written. */
  String json(String option, String given) {
    String text = text(given);
    try {
      Json.check(text);
      return text;
    } catch (JacksonException e) {
      String where =
          e.getLocation() == null || e.getLocation().getLineNr() < 1
              ? ""
              : " (line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr()
                  + ")";
      throw CliException.usage(
          option
              + ": "
              + name(given)
              + " is not JSON"
              + where
              + ": "
              + firstLine(e.getOriginalMessage()));
    }
  }

  String text(String given) {
    if (given.equals("-")) {
      return read(stdin, name(given));
    }
    return given.startsWith("@") ? file(given.substring(1)) : given;
  }

  private static String file(String path) {
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      return read(in, path);
    } catch (NoSuchFileException e) {
      throw CliException.usage("No such file: " + path);
    } catch (AccessDeniedException e) {
      throw CliException.usage("May not read " + path);
    } catch (InvalidPathException e) {
      throw CliException.usage("Not a file name: " + path);
    } catch (IOException e) {
      throw cannotRead(path, e);
    }
  }

  private static String read(InputStream in, String name) {
    try {
      byte[] bytes = in.readNBytes(LIMIT + 1);
      if (bytes.length > LIMIT) {
        throw CliException.usage(name + " is larger than " + (LIMIT >> 20) + " MiB.");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw CliException.usage(name + " is not text in UTF-8.");
    } catch (IOException e) {
      throw cannotRead(name, e);
    }
  }

  private static CliException cannotRead(String name, IOException e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return CliException.usage("Cannot read " + name + ": " + reason);
  }

  private static String name(String given) {
    if (given.equals("-")) {
      return "standard input";
    }
    return given.startsWith("@") ? given.substring(1) : "the value";
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("cannot be read");
  }
}
