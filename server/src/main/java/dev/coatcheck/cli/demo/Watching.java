package dev.coatcheck.cli.demo;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.JobWatcher;
import dev.coatcheck.cli.client.Track;
import dev.coatcheck.cli.client.WatchView;
import dev.coatcheck.cli.exit.CliException;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.screen.Widths;
import dev.coatcheck.cli.watch.LineView;
import dev.coatcheck.cli.watch.LiveView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Watches several jobs at once, each on its own stream of events. */
record Watching(Api api, Screen screen) {

  /** The finished jobs, in the order of the tickets. */
  List<Answer> untilDone(List<Ticket> tickets) {
    if (!screen.live()) {
      int widest = tickets.stream().mapToInt(t -> Widths.of(t.label())).max().orElse(0);
      return untilDone(
          tickets, label -> LineView.labelled(screen.out(), "     " + Widths.pad(label, widest)));
    }
    Map<String, Track> labels = new LinkedHashMap<>();
    tickets.forEach(ticket -> labels.put(ticket.label(), ticket.track()));
    try (LiveView view = new LiveView(screen, labels)) {
      return untilDone(tickets, view::of);
    }
  }

  private List<Answer> untilDone(List<Ticket> tickets, Function<String, WatchView> views) {
    List<Future<Answer>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Ticket ticket : tickets) {
        WatchView view = views.apply(ticket.label());
        JobWatcher watcher = new JobWatcher(api, ticket.id(), view).from(ticket.track());
        running.add(threads.submit(watcher::untilDone));
      }
      List<Answer> answers = new ArrayList<>();
      for (Future<Answer> each : running) {
        answers.add(result(each));
      }
      return answers;
    }
  }

  private static Answer result(Future<Answer> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CliException.unreachable("Interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CliException told) {
        throw told;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
