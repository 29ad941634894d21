package dev.coatcheck.workers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AnswerBufferTest {

  private final Semaphore large = new Semaphore(1);

  private AnswerBuffer with(int size) throws IOException {
    AnswerBuffer buffer = new AnswerBuffer(large);
    buffer.write(new byte[size]);
    assertThat(buffer.toByteArray()).hasSize(size);
    return buffer;
  }

  @Test
  void small_answers_ask_nobody() throws Exception {
    large.acquire();
    try (AnswerBuffer one = with(AnswerBuffer.SMALL);
        AnswerBuffer other = with(AnswerBuffer.SMALL)) {
      assertThat(one).isNotEqualTo(other);
    }
    assertThat(large.availablePermits()).isZero();
  }

  @Test
  void a_large_answer_waits_until_another_is_done() throws Exception {
    AnswerBuffer first = with(AnswerBuffer.SMALL + 1);
    CompletableFuture<AnswerBuffer> second = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        second.complete(with(AnswerBuffer.SMALL + 1));
      } catch (IOException thrown) {
        second.completeExceptionally(thrown);
      }
    });
    while (large.getQueueLength() == 0) {
      Thread.onSpinWait();
    }
    assertThat(second).isNotDone();
    first.close();
    second.get(10, TimeUnit.SECONDS).close();
    first.close();
    assertThat(large.availablePermits()).isEqualTo(1);
  }

  @Test
  void who_is_interrupted_waits_no_longer() throws Exception {
    large.acquire();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> with(AnswerBuffer.SMALL + 1))
        .isInstanceOf(InterruptedIOException.class);
  }

  @Test
  void the_number_of_large_answers_follows_from_the_memory() {
    assertThat(AnswerBuffer.largeOnes(512 << 20, 1 << 20).availablePermits()).isEqualTo(32);
    assertThat(AnswerBuffer.largeOnes(1 << 20, 1 << 20).availablePermits()).isEqualTo(2);
  }
}
