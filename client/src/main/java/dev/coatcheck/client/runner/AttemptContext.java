package dev.coatcheck.client.runner;

import dev.coatcheck.client.Progress;
import dev.coatcheck.client.Usage;
import dev.coatcheck.client.work.Resume;
import dev.coatcheck.client.work.StopReason;
import dev.coatcheck.client.work.WorkContext;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/** What a handler sees of its attempt. */
record AttemptContext(Attempt held, Outlet outlet, Heart heart, JsonMapper json)
    implements WorkContext {

  private static final Set<String> LEVELS = Set.of("debug", "info", "warn", "error");
  private static final int STAGE_MAX = 200;
  private static final int MESSAGE_MAX = 2_000;
  private static final int LINE_MAX = 16_000;
  private static final long TOKENS_MAX = 1_000_000_000_000L;
  private static final BigDecimal COST_MAX = BigDecimal.valueOf(1_000_000);
  private static final int DECIMALS = 6;

  @Override
  public String job() {
    return held.lease().job().id();
  }

  @Override
  public String worker() {
    return held.lease().job().worker();
  }

  @Override
  public int attempt() {
    return held.lease().attempt();
  }

  @Override
  public int maxAttempts() {
    return held.lease().job().maxAttempts();
  }

  @Override
  public Map<String, String> metadata() {
    return held.lease().job().metadata();
  }

  @Override
  public Optional<Instant> deadline() {
    return held.stopsAt();
  }

  @Override
  public Optional<String> callbackUrl() {
    return Optional.ofNullable(held.lease().callback()).map(Lease.CallbackPlace::url);
  }

  @Override
  public Optional<Resume> resume() {
    return Optional.ofNullable(held.lease().resume()).map(this::read);
  }

  private Resume read(Lease.Resumption resumption) {
    JsonNode state = resumption.state();
    return new Resume(
        state == null ? NullNode.getInstance() : state,
        Optional.ofNullable(resumption.callback())
            .map(came ->
                new Resume.Callback(
                    came.receivedAt(),
                    came.contentType() == null ? "" : came.contentType(),
                    came.body())),
        json);
  }

  @Override
  public Optional<StopReason> stopping() {
    return held.stopping();
  }

  @Override
  public void checkpoint() throws InterruptedException {
    Optional<StopReason> reason = held.stopping();
    if (reason.isPresent()) {
      throw new InterruptedException(reason.get().name());
    }
  }

  @Override
  public void progress(
      @Nullable Double fraction, @Nullable String stage, @Nullable String message) {
    held.progress(
        new Progress(
            fraction == null || fraction.isNaN() ? null : Math.max(0, Math.min(1, fraction)),
            stage == null ? null : Text.cut(stage, STAGE_MAX),
            message == null ? null : Text.cut(message, MESSAGE_MAX)));
    heart.news();
  }

  @Override
  public void log(String level, String message) {
    outlet.log(LEVELS.contains(level) ? level : "info", Text.cut(message, LINE_MAX));
  }

  @Override
  public void output(String chunk) throws InterruptedException {
    outlet.output(Text.clean(chunk));
  }

  @Override
  public void usage(Usage usage) {
    held.usage(
        new Usage(
            counted(usage.inputTokens()),
            counted(usage.outputTokens()),
            usage.costUsd() == null
                ? null
                : usage
                    .costUsd()
                    .max(BigDecimal.ZERO)
                    .min(COST_MAX)
                    .setScale(DECIMALS, RoundingMode.HALF_UP)));
    heart.news();
  }

  private static @Nullable Long counted(@Nullable Long tokens) {
    return tokens == null ? null : Long.valueOf(Math.max(0, Math.min(TOKENS_MAX, tokens)));
  }
}
