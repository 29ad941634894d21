package dev.coatcheck.embed;

import dev.coatcheck.client.Usage;
import dev.coatcheck.client.work.Resume;
import dev.coatcheck.client.work.StopReason;
import dev.coatcheck.client.work.WorkContext;
import dev.coatcheck.job.Payload;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/** The engine's context as a runner's handler knows it. */
final class EngineContext implements WorkContext {

  private final dev.coatcheck.handler.WorkContext engine;
  private final String worker;
  private final JsonMapper json;
  private final @Nullable String callbacks;
  private volatile Usage used = Usage.NONE;

  EngineContext(
      dev.coatcheck.handler.WorkContext engine,
      String worker,
      JsonMapper json,
      @Nullable String callbacks) {
    this.engine = engine;
    this.worker = worker;
    this.json = json;
    this.callbacks = callbacks;
  }

  /** What was last reported as used. */
  dev.coatcheck.job.Usage used() {
    return InProcess.usage(used);
  }

  @Override
  public String job() {
    return engine.job().toString();
  }

  @Override
  public String worker() {
    return worker;
  }

  @Override
  public int attempt() {
    return engine.attempt();
  }

  @Override
  public int maxAttempts() {
    return engine.maxAttempts();
  }

  @Override
  public Map<String, String> metadata() {
    return engine.metadata();
  }

  @Override
  public Optional<Instant> deadline() {
    return Optional.of(engine.stopsAt());
  }

  @Override
  public Optional<String> callbackUrl() {
    if (callbacks == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(callbacks + engine.callback().wire());
    } catch (InterruptedException stopping) {
      // The next wait or checkpoint tells the handler.
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public Optional<Resume> resume() {
    return engine
        .resume()
        .map(resume ->
            new Resume(
                tree(resume.state()),
                Optional.ofNullable(resume.callback())
                    .map(came ->
                        new Resume.Callback(
                            came.receivedAt(), came.contentType(), tree(came.body()))),
                json));
  }

  private JsonNode tree(@Nullable Payload payload) {
    return payload == null ? NullNode.getInstance() : json.readTree(payload.bytes());
  }

  @Override
  public Optional<StopReason> stopping() {
    return engine.stopping().map(InProcess::reason);
  }

  @Override
  public void checkpoint() throws InterruptedException {
    engine.checkpoint();
  }

  @Override
  public void progress(
      @Nullable Double fraction, @Nullable String stage, @Nullable String message) {
    engine.progress(fraction, stage, message);
  }

  @Override
  public void log(String level, String message) {
    engine.log(level, message);
  }

  @Override
  public void output(String chunk) {
    engine.output(chunk);
  }

  @Override
  public void usage(Usage usage) {
    used = usage;
    engine.usage(InProcess.usage(usage));
  }
}
