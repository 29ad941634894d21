package dev.coatcheck.simulation.world;

import dev.coatcheck.callback.Callback;
import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.callback.Notice;
import dev.coatcheck.job.Payload;
import dev.coatcheck.simulation.machine.SimMachine;
import dev.coatcheck.simulation.world.Script.Calling;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** A paid service elsewhere: keeps a ledger of its calls, and calls back. */
final class Provider {

  private static final int TRIES = 60;

  private final World world;
  private final SimMachine machine;
  private final RandomGenerator dice;

  Provider(World world, SimMachine machine, RandomGenerator dice) {
    this.world = world;
    this.machine = machine;
    this.dice = dice;
  }

  /** A careful handler asks whether it may go on, then pays at once. */
  void pay(Desk desk) throws InterruptedException {
    if (!desk.ask()) {
      throw new InterruptedException("the lease is lost");
    }
    String key = desk.job() + "/" + desk.attempt();
    world.witnesses().paid(desk.job(), desk.grant(), desk.attempt(), key);
    desk.sleep(Duration.ofMillis(1 + dice.nextInt(300)));
  }

  /** Calls back when its own work is done, until it is told that this has arrived. */
  void callsBack(CallbackToken token, Calling when) {
    int notices = when == Calling.TWICE ? 2 : 1;
    for (int i = 0; i < notices; i++) {
      int millis = when == Calling.EARLY ? dice.nextInt(5) : 200 + dice.nextInt(5_000);
      Notice notice = notice(token);
      machine.fork("callback", () -> callBack(token, notice, Duration.ofMillis(millis)));
    }
  }

  private static Notice notice(CallbackToken token) {
    Payload body = Payload.utf8("result of " + token.fence());
    return new Notice("application/json", body, "n" + token.fence(), CallbackToken.hash(body));
  }

  private void callBack(CallbackToken token, Notice notice, Duration after) {
    try {
      machine.sleep(after);
      for (int i = 0; i < TRIES; i++) {
        Wire.Reply<Result.ReceiveResult> reply =
            world
                .wire()
                .call(
                    machine,
                    world.anyNode(dice),
                    Wire.Call.of(engine -> engine.receiver().receive(token, notice)));
        if (reply instanceof Wire.Reply.Answer) {
          return;
        }
        machine.sleep(Duration.ofMillis(200 + dice.nextInt(1_000)));
      }
    } catch (InterruptedException never) {
      throw new IllegalStateException(never);
    }
  }

  /** What a callback brought, for those who read it. */
  static String text(Callback callback) {
    return callback.body().text();
  }
}
