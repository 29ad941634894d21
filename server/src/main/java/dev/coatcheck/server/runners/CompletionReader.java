package dev.coatcheck.server.runners;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.server.body.Body;
import dev.coatcheck.server.body.Faults;
import dev.coatcheck.server.body.Members;
import dev.coatcheck.server.http.Problem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads what a runner says of work that is done. */
final class CompletionReader {

  private static final String TOKEN = "lease_token";
  private static final String FILES = "files";
  private static final Set<String> MEMBERS = Set.of("output", "usage", FILES);
  private static final Set<String> NAMED = Set.of(TOKEN, "output", "usage", FILES);
  private static final Payload NULL = Payload.utf8("null");
  private static final int FILES_MAX = 1_000;
  private static final int TOKEN_MAX = 1_000;

  private CompletionReader() {}

  /**
   * The completion of a lease that is known already.
   *
   * @throws Problem that tells everything that is wrong
   */
  static Completion read(LeaseToken lease, byte[] bytes) {
    Faults faults = new Faults();
    return read(lease, Members.of(bytes, MEMBERS, faults), faults);
  }

  /**
   * The completion of the lease that the body names.
   *
   * @throws Problem that tells everything that is wrong
   */
  static Completion read(Body body) {
    Faults faults = new Faults();
    Members members = Members.of(body, NAMED, faults).require(TOKEN);
    String token = members.text(TOKEN, TOKEN_MAX);
    if (token == null) {
      faults.check();
    }
    LeaseToken lease = LeaseToken.parse(token == null ? "" : token).orElseThrow(Problem::notFound);
    return read(lease, members, faults);
  }

  private static Completion read(LeaseToken lease, Members members, Faults faults) {
    Usage usage = UsageReader.read(members);
    List<FileId> files = files(members);
    faults.check();
    JsonNode value = members.get("output");
    return new Completion(
        lease,
        value == null ? JsonNodeFactory.instance.nullNode() : value,
        members.raw("output").orElse(NULL),
        usage,
        files);
  }

  private static List<FileId> files(Members body) {
    Set<FileId> files = new LinkedHashSet<>();
    List<String> given = body.strings(FILES, FILES_MAX);
    for (int i = 0; i < given.size(); i++) {
      Optional<FileId> id = FileId.parse(given.get(i));
      if (id.isEmpty()) {
        body.fault(FILES, i, "is not the id of a file");
      } else if (!files.add(id.get())) {
        body.fault(FILES, i, "is named twice");
      }
    }
    return List.copyOf(files);
  }
}
