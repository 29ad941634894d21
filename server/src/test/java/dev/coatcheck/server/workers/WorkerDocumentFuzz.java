package dev.coatcheck.server.workers;

import dev.coatcheck.fuzz.Claim;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.pages.form.Form;
import dev.coatcheck.worker.WorkerSpec;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A definition of a worker is taken or refused; one that is taken has a form to fill in. */
public final class WorkerDocumentFuzz {

  private WorkerDocumentFuzz() {}

  /**
   * Loads, before the clock of the fuzzing runs, what the first definition needs: all of JSON
   * Schema and of pages, which takes seconds.
   */
  public static void fuzzerInitialize() {
    fuzzerTestOneInput(
        "{\"kind\":\"pull\",\"input_schema\":{\"type\":\"object\"}}"
            .getBytes(StandardCharsets.UTF_8));
  }

  public static void fuzzerTestOneInput(byte[] data) {
    WorkerSpec spec;
    try {
      spec = WorkerDocument.read("fuzzed", data);
    } catch (Problem refused) {
      Claim.that(refused.getMessage() != null, "a refusal says why");
      return;
    }
    Claim.that(spec.name().equals("fuzzed"), "a worker has the name of its place");
    Form form = Form.of(spec);
    Claim.that(
        form.submission("fuzzed", Map.of(), new java.util.ArrayList<>()).startsWith("{"),
        "an empty form stands for a submission");
  }
}
