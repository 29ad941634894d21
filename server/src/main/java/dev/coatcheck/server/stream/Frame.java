package dev.coatcheck.server.stream;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.JobId;
import dev.coatcheck.server.jobs.EventJson;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.server.json.RawJson;
import java.nio.charset.StandardCharsets;

/** Events in the framing of server-sent events. */
final class Frame {

  private Frame() {}

  static byte[] of(JobId job, JobEvent event, EventJson.FileMembers files) {
    byte[] data = JsonOut.object(out -> EventJson.write(out, job, event, files));
    String text =
        "id: "
            + event.id()
            + "\nevent: "
            + EventJson.type(event)
            + "\ndata: "
            + RawJson.oneLine(data)
            + "\n\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
