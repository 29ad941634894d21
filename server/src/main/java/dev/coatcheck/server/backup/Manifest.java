package dev.coatcheck.server.backup;

import dev.coatcheck.server.json.InvalidJsonException;
import dev.coatcheck.server.json.Json;
import dev.coatcheck.server.json.JsonOut;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What an archive says of itself. It is written last: without it an archive is not whole.
 *
 * @param version of the program that made it
 * @param cutAt what was acknowledged before is in it
 * @param schema the number of steps that the schema of the database has taken
 * @param jobs how many there are of each status
 * @param missing bytes that files refer to and that were not there, as tenant and SHA-256
 */
public record Manifest(
    String version,
    Instant cutAt,
    int schema,
    Map<String, Long> jobs,
    Sum database,
    Blobs files,
    List<String> missing) {

  private static final int FORMAT = 1;

  /** The size and digest of an entry. */
  public record Sum(long size, String sha256) {}

  /** How many entries there are for bytes of files, and how large they are together. */
  public record Blobs(long count, long size) {}

  public Manifest {
    jobs = Map.copyOf(jobs);
    missing = List.copyOf(missing);
  }

  /** The JSON. */
  public byte[] bytes() {
    return JsonOut.object(this::write);
  }

  /** Writes its members. */
  public void write(JsonOut out) {
    out.string("program", "coatcheck").number("format", FORMAT).string("version", version);
    out.instant("cut_at", cutAt).number("schema", schema);
    out.object("jobs", counts -> new TreeMap<>(jobs).forEach(counts::number));
    out.object(
        "database", sum -> sum.number("size", database.size).string("sha256", database.sha256));
    out.object("files", sum -> sum.number("count", files.count).number("size", files.size));
    out.array("missing", names -> missing.forEach(names::item));
  }

  static Manifest parse(byte[] bytes) throws ArchiveException {
    try {
      JsonNode json = Json.parse(bytes);
      if (!json.path("program").asString("").equals("coatcheck")) {
        throw new ArchiveException("it is no backup of Coatcheck");
      }
      if (json.path("format").asInt(0) != FORMAT) {
        throw new ArchiveException("it has a format that only a newer program knows");
      }
      Map<String, Long> jobs = new TreeMap<>();
      json.path("jobs")
          .properties()
          .forEach(each -> jobs.put(each.getKey(), each.getValue().asLong(0)));
      JsonNode database = json.path("database");
      JsonNode files = json.path("files");
      return new Manifest(
          json.path("version").asString(""),
          Instant.parse(json.path("cut_at").asString("")),
          json.path("schema").asInt(0),
          jobs,
          new Sum(database.path("size").asLong(-1), database.path("sha256").asString("")),
          new Blobs(files.path("count").asLong(-1), files.path("size").asLong(-1)),
          json.path("missing").valueStream().map(name -> name.asString("")).toList());
    } catch (InvalidJsonException | DateTimeParseException damaged) {
      throw new ArchiveException("its manifest is damaged: " + damaged.getMessage());
    }
  }
}
