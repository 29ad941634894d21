package dev.coatcheck.client.runner;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.coatcheck.client.http.Answer;
import dev.coatcheck.client.http.Call;
import dev.coatcheck.client.http.Json;
import dev.coatcheck.client.http.Link;
import dev.coatcheck.client.http.Patience;
import dev.coatcheck.client.http.Repeater;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** The calls of the runner protocol; see {@code docs/reference/runner-protocol.md}. */
final class Protocol {

  private static final Duration LEASE_MARGIN = Duration.ofSeconds(10);

  private final Link link;
  private final Repeater repeater;

  Protocol(Link link) {
    this.link = link;
    this.repeater = new Repeater(link);
  }

  /** Thrown when the server answers, and not as it should. */
  static final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    RefusedException(Answer answer) {
      super(answer.status() + " " + answer.code());
      this.answer = answer;
    }

    Answer answer() {
      return answer;
    }
  }

  private record LeaseCall(
      @Nullable String runner,
      @Nullable String name,
      Collection<String> workers,
      int max,
      @JsonProperty("wait") String longPoll,
      @Nullable String version) {}

  /** Asks once for work, and waits for it at the server. */
  LeaseReply lease(Identity who, @Nullable String runner, int max, Duration longPoll)
      throws IOException, InterruptedException, RefusedException {
    LeaseCall body =
        new LeaseCall(
            runner, who.name(), who.workers(), max, Json.duration(longPoll), who.version());
    return once("lease", body, longPoll.plus(LEASE_MARGIN), LeaseReply.class);
  }

  /** Tells once what is held. */
  Beat.Reply heartbeat(Beat beat, Duration timeout)
      throws IOException, InterruptedException, RefusedException {
    return once("heartbeat", beat, timeout, Beat.Reply.class);
  }

  /**
   * Says something about one lease, until it is answered.
   *
   * @param twice whether it does no harm if it arrives twice
   */
  Answer tell(String token, String verb, Object body, boolean twice, Patience patience)
      throws IOException, InterruptedException {
    byte[] json = body instanceof byte[] bytes ? bytes : Json.WIRE.writeValueAsBytes(body);
    Call call = Call.post("/v1/leases/" + token + "/" + verb, json);
    return repeater.send(twice ? call.idempotent() : call, patience);
  }

  /** Says once that a job is done. */
  Answer completeOne(Parcel parcel) throws IOException, InterruptedException {
    return link.send(
        Call.post("/v1/leases/" + parcel.token() + "/complete", parcel.body()).idempotent());
  }

  /** Says once that several jobs are done. */
  Answer completeMany(List<Parcel> parcels) throws IOException, InterruptedException {
    return link.send(Call.post("/v1/leases:complete", Parcel.together(parcels)).idempotent());
  }

  private <T> T once(String verb, Object body, Duration timeout, Class<T> type)
      throws IOException, InterruptedException, RefusedException {
    byte[] json = Json.WIRE.writeValueAsBytes(body);
    Answer answer = link.send(Call.post("/v1/runners/" + verb, json).within(timeout));
    if (!answer.ok()) {
      throw new RefusedException(answer);
    }
    try {
      return Json.WIRE.readValue(answer.body(), type);
    } catch (JacksonException notTheProtocol) {
      throw new IOException("not the answer of a Coatcheck server", notTheProtocol);
    }
  }
}
