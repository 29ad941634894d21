package dev.coatcheck.server.files;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Submission;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The files that an input refers to: every string in it that is the id of a file, whole.
 *
 * @param places where each is named first
 */
public record FileReferences(Map<FileId, String> places) {

  /** Looks through an input, with pointers under the prefix. */
  public static FileReferences in(JsonNode input, String prefix) {
    Map<FileId, String> places = new LinkedHashMap<>();
    collect(input, prefix, places);
    return new FileReferences(places);
  }

  private static void collect(JsonNode node, String place, Map<FileId, String> places) {
    if (node.isString()) {
      FileId.parse(node.stringValue()).ifPresent(id -> add(id, place, places));
    } else if (node.isObject()) {
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        if (mayHold(member.getValue())) {
          collect(member.getValue(), place + "/" + Json.escape(member.getKey()), places);
        }
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        if (mayHold(node.get(i))) {
          collect(node.get(i), place + "/" + i, places);
        }
      }
    }
  }

  /** Every input is looked through, so the place of what cannot be a file is not worked out. */
  private static boolean mayHold(JsonNode node) {
    return node.isContainer() || (node.isString() && node.stringValue().startsWith(FileId.PREFIX));
  }

  private static void add(FileId id, String place, Map<FileId, String> places) {
    places.putIfAbsent(id, place);
    if (places.size() > Submission.FILES_MAX) {
      throw Problem.at(
          ProblemCode.VALIDATION_FAILED,
          place,
          "an input refers to " + Submission.FILES_MAX + " files at most");
    }
  }

  public List<FileId> ids() {
    return List.copyOf(places.keySet());
  }

  /** What to tell when there is no such file. */
  public Problem missing(FileId id) {
    return Problem.at(
        ProblemCode.VALIDATION_FAILED,
        places.getOrDefault(id, "/input"),
        "there is no file " + id + ", or no longer");
  }
}
