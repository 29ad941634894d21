package dev.coatcheck.workers.summarize;

import dev.coatcheck.handler.Handler;
import dev.coatcheck.handler.Reply;
import dev.coatcheck.handler.WorkContext;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Payload;
import dev.coatcheck.worker.Execution;
import dev.coatcheck.worker.WorkerSpec;
import dev.coatcheck.workers.WorkerJson;
import dev.coatcheck.workers.summarize.document.Format;
import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The worker {@code summarize}: extractive, that is, its summary consists of sentences of the text.
 * No language model is involved.
 */
public final class SummarizeWorker implements Handler {

  private final Summarizer summarizer = new Summarizer();

  private SummarizeWorker() {}

  public static Handler handler() {
    return new SummarizeWorker();
  }

  public static WorkerSpec spec() {
    return WorkerSpec.named("summarize")
        .description(
            "Summarizes a text by its most telling sentences (extractive; no language model).")
        .inputSchema(WorkerJson.resource(SummarizeWorker.class, "input.schema.json"))
        .outputSchema(WorkerJson.resource(SummarizeWorker.class, "output.schema.json"))
        .concurrency(Runtime.getRuntime().availableProcessors())
        .execution(Execution.CPU)
        .build();
  }

  private record Input(
      String text,
      @Nullable Integer sentences,
      @Nullable Double ratio,
      @Nullable Integer maxWords,
      @Nullable String language,
      @Nullable String format) {

    private static final int SENTENCES_DEFAULT = 5;

    SummaryOptions options() {
      Length length =
          ratio != null
              ? new Length.Ratio(ratio)
              : new Length.Sentences(sentences == null ? SENTENCES_DEFAULT : sentences);
      Format known =
          format == null || format.equals("auto")
              ? null
              : Format.valueOf(format.toUpperCase(Locale.ROOT));
      return new SummaryOptions(length, maxWords, language == null ? "auto" : language, known);
    }
  }

  private record Source(
      String kind, @Nullable String file, @Nullable String url, int bytes, String sha256) {

    static Source of(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return new Source("text", null, null, bytes.length, digest(bytes));
    }
  }

  /** Carries an interrupt through the summarizer, which knows of none. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public Reply handle(WorkContext context, Payload payload) throws Exception {
    Input input = WorkerJson.read(payload, Input.class);
    try {
      Summary summary =
          summarizer.summarize(
              input.text(),
              input.options(),
              (fraction, stage, message) -> {
                goOn(context);
                context.progress(fraction, stage, message);
              });
      ObjectNode output = WorkerJson.tree(summary);
      output.set("source", WorkerJson.tree(Source.of(input.text())));
      return Reply.completed(WorkerJson.write(output));
    } catch (UnsupportedInputException unsupported) {
      String message = unsupported.getMessage();
      throw WorkFailure.permanent(
          ErrorCode.UNSUPPORTED_INPUT, message == null ? "the input has no text" : message);
    } catch (Stopped stopped) {
      throw new InterruptedException();
    }
  }

  private static void goOn(WorkContext context) {
    try {
      context.checkpoint();
    } catch (InterruptedException interrupted) {
      throw new Stopped();
    }
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
