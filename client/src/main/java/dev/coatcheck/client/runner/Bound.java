package dev.coatcheck.client.runner;

import dev.coatcheck.client.work.Handler;
import dev.coatcheck.client.work.WorkContext;
import dev.coatcheck.client.work.WorkFailure;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A handler with the type of its input. */
record Bound<I>(Class<I> type, Handler<? super I, ?> handler) {

  @Nullable Object call(WorkContext context, JsonNode input, JsonMapper json) throws Exception {
    I value;
    try {
      value = json.treeToValue(input, type);
    } catch (JacksonException misfit) {
      throw WorkFailure.permanent(
          "unsupported_input",
          "not a " + type.getSimpleName() + ": " + misfit.getOriginalMessage());
    }
    return handler.handle(context, value);
  }
}
