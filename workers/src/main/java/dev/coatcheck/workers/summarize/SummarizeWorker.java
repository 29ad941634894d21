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
import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import tools.jackson.databind.node.ObjectNode;

/**
 * The worker {@code summarize}: extractive, that is, its summary consists of sentences of the text.
 * No language model is involved.
 */
public final class SummarizeWorker implements Handler {

  private final Summarizer summarizer = new Summarizer();
  private final Intake intake;

  private SummarizeWorker(Fetcher fetcher) {
    this.intake = new Intake(fetcher);
  }

  /** The worker without the input {@code url}. */
  public static Handler handler() {
    return handler(Fetcher.none());
  }

  /** The worker that has URLs loaded by {@code fetcher}. */
  public static Handler handler(Fetcher fetcher) {
    return new SummarizeWorker(fetcher);
  }

  public static WorkerSpec spec() {
    return WorkerSpec.named("summarize")
        .description(
            "Summarizes a text, web page or PDF by its most telling sentences (extractive; no language"
                + " model).")
        .inputSchema(WorkerJson.resource(SummarizeWorker.class, "input.schema.json"))
        .outputSchema(WorkerJson.resource(SummarizeWorker.class, "output.schema.json"))
        .concurrency(Runtime.getRuntime().availableProcessors())
        .execution(Execution.CPU)
        .build();
  }

  /** Carries an interrupt through the summarizer, which knows of none. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public Reply handle(WorkContext context, Payload payload) throws Exception {
    SummarizeInput input = WorkerJson.read(payload, SummarizeInput.class);
    try {
      return Reply.completed(WorkerJson.write(summarize(context, input)));
    } catch (UnsupportedInputException unsupported) {
      String message = unsupported.getMessage();
      throw WorkFailure.permanent(
          ErrorCode.UNSUPPORTED_INPUT, message == null ? "the input has no text" : message);
    } catch (Stopped stopped) {
      throw new InterruptedException();
    }
  }

  private ObjectNode summarize(WorkContext context, SummarizeInput input) throws Exception {
    Progress progress =
        (fraction, stage, message) -> {
          goOn(context);
          context.progress(fraction, stage, message);
        };
    // Reading is nearly all the work on a PDF and next to nothing on a text.
    double reading = input.text() == null ? 0.8 : 0.1;
    Intake.Taken taken =
        intake.take(input, context, Stage.READING.alone(progress.part(0, reading)));
    Summary summary =
        summarizer.summarize(taken.document(), input.options(), progress.part(reading, 1));
    ObjectNode output = WorkerJson.tree(summary);
    output.set("source", WorkerJson.tree(taken.source()));
    return output;
  }

  private static void goOn(WorkContext context) {
    try {
      context.checkpoint();
    } catch (InterruptedException interrupted) {
      throw new Stopped();
    }
  }
}
