package dev.coatcheck.receive;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.callback.Notice;
import dev.coatcheck.commit.Committer;
import dev.coatcheck.job.Progress;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result.ReceiveResult;

/** Takes callbacks in. A callback is a hint from a third party: it is kept, never judged, here. */
public final class Receiver {

  private final Committer committer;

  public Receiver(Committer committer) {
    this.committer = committer;
  }

  /** Takes a callback that a job waits for, or will. Durable when this returns. */
  public ReceiveResult receive(CallbackToken token, Notice notice) throws InterruptedException {
    return (ReceiveResult) committer.commit(new Command.Receive(token, notice));
  }

  /** Takes a callback that only tells how far something is. */
  public ReceiveResult progress(CallbackToken token, Progress progress)
      throws InterruptedException {
    return (ReceiveResult) committer.commit(new Command.ReceiveProgress(token, progress));
  }
}
