package dev.coatcheck.runtime.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.runtime.Mailbox;
import dev.coatcheck.runtime.Promise;
import dev.coatcheck.runtime.Signal;
import dev.coatcheck.runtime.Task;
import dev.coatcheck.worker.Execution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class JvmMachineTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final JvmMachine machine = new JvmMachine();

  @Test
  void a_signal_raised_before_the_wait_is_not_lost_and_two_raises_count_once() throws Exception {
    Signal signal = machine.signal();
    signal.raise();
    signal.raise();
    assertThat(signal.await(LONG)).isTrue();
    assertThat(signal.await(Duration.ZERO)).isFalse();
  }

  @Test
  void a_mailbox_gives_everything_once_and_in_the_order_of_each_sender() throws Exception {
    Mailbox<int[]> mailbox = machine.mailbox();
    int senders = 8;
    int each = 5_000;
    List<Task> tasks =
        IntStream.range(0, senders)
            .mapToObj(s ->
                machine.fork(
                    "sender",
                    Execution.IO,
                    () -> {
                      for (int i = 0; i < each; i++) {
                        mailbox.put(new int[] {s, i});
                      }
                    }))
            .toList();
    List<int[]> taken = new ArrayList<>();
    while (taken.size() < senders * each) {
      taken.addAll(mailbox.takeAll());
    }
    for (Task task : tasks) {
      assertThat(task.join(LONG)).isTrue();
    }
    assertThat(mailbox.drain()).isEmpty();
    for (int sender = 0; sender < senders; sender++) {
      int of = sender;
      assertThat(taken.stream().filter(item -> item[0] == of).map(item -> item[1]))
          .containsExactlyElementsOf(IntStream.range(0, each).boxed().toList());
    }
  }

  @Test
  void a_broken_promise_throws_its_cause_to_the_waiter() {
    Promise<String> promise = machine.promise();
    promise.breakWith(new IllegalStateException("no"));
    assertThatThrownBy(promise::await).isInstanceOf(IllegalStateException.class).hasMessage("no");
  }

  @Test
  void io_runs_on_virtual_and_cpu_on_platform_threads() throws Exception {
    for (Execution execution : Execution.values()) {
      AtomicReference<Boolean> virtual = new AtomicReference<>();
      Task task =
          machine.fork("where", execution, () -> virtual.set(Thread.currentThread().isVirtual()));
      assertThat(task.join(LONG)).isTrue();
      assertThat(virtual.get()).isEqualTo(execution == Execution.IO);
    }
  }

  @Test
  void an_interrupt_ends_a_wait() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Task task =
        machine.fork(
            "waiter",
            Execution.IO,
            () -> {
              try {
                machine.sleep(Duration.ofHours(1));
              } catch (InterruptedException interrupted) {
                thrown.set(interrupted);
              }
            });
    task.interrupt();
    assertThat(task.join(LONG)).isTrue();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
  }
}
