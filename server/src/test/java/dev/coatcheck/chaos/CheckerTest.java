package dev.coatcheck.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.LeaseToken;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each promise is broken once by hand, and the checker must say which. */
class CheckerTest {

  private static final String SUBMIT =
      client("submit", 1, 2, "ok", "'key':'k','job':'j','http':202");
  private static final String READ_DONE =
      client(
          "get",
          3,
          4,
          "ok",
          "'job':'j','http':200,'status':'succeeded','done':true,'attempt':1,'digest':'d'");
  private static final String GRANT = runner("grant", 10, 20, "ok", "'token':'t1','attempt':1");
  private static final String COMPLETE =
      runner("complete", 30, 40, "ok", "'token':'t1','attempt':1,'output':{'n':1}");
  private static final String CANCEL =
      client("cancel", 50, 60, "ok", "'job':'j','http':200,'status':'canceled'");
  private static final String QUEUED = event(1, "status", "queued");
  private static final String RUNNING = event(2, "status", "running");
  private static final String DONE = event(3, "done", "succeeded");
  private static final String SUCCEEDED =
      dump("succeeded", "{'n':1}", attempt(1, "succeeded"), QUEUED, RUNNING, DONE);
  private static final String CANCELED =
      dump(
          "canceled",
          "null",
          attempt(1, "canceled"),
          QUEUED,
          RUNNING,
          event(3, "done", "canceled"));
  private static final String SEEN_1 =
      client("event", 5, 5, "ok", "'s':'s','job':'j','id':1,'type':'status'");
  private static final String SEEN_2 =
      client("event", 6, 6, "ok", "'s':'s','job':'j','id':2,'type':'status'");
  private static final String SEEN_3 =
      client("event", 7, 7, "ok", "'s':'s','job':'j','id':3,'type':'done'");

  private static final String PAID =
      dump(
          "succeeded",
          "{'n':1}",
          attempt(1, "succeeded"),
          event(1_000_000, "status", "queued"),
          event(2_000_000, "status", "running"),
          event(3_000_000, "status", "running"),
          event(4_000_000, "done", "succeeded"));
  private static final String CANCELED_LATE =
      dump(
          "canceled",
          "null",
          attempt(1, "canceled"),
          event(1_000_000, "status", "queued"),
          event(2_000_000, "status", "running"),
          event(3_000_000, "done", "canceled"));

  private static final String PLAN =
      "{'p':'nemesis','t0':0,'t':0,'e':'ok','f':'plan','lease_ms':10000}".replace('\'', '"');
  private static final String LOST_AT_2 =
      dump(
          "succeeded",
          "{'n':1}",
          attempt(1, "lost"),
          event(1_000_000, "status", "queued"),
          event(2_000_000, "status", "running"),
          "{'id':2999999,'type':'error','error':{'code':'runner_lost'}}",
          event(4_000_000, "done", "succeeded"));

  @TempDir Path folder;

  @Test
  void an_honest_history_breaks_nothing() {
    assertThat(check(SUBMIT, READ_DONE, GRANT, COMPLETE, SUCCEEDED, SEEN_1, SEEN_2, SEEN_3))
        .isEmpty();
    assertThat(check(SUBMIT, GRANT, CANCEL, CANCELED)).isEmpty();
    assertThat(check(SUBMIT, PAID, bill(1, 2), bill(1, 3))).isEmpty();
  }

  @Test
  void the_grant_that_was_lost_is_told_from_others_of_its_attempt() {
    String ended = token(4) + ",'state':'stop','reason':'finished'";

    assertThat(
            check(
                PLAN,
                SUBMIT,
                grant(10, 20, 4),
                runner("heartbeat", 30, 31, "ok", ended),
                LOST_AT_2,
                runner("complete", 1, 1, "info", "'token':'t0','attempt':1,'output':{'n':1}")))
        .isEmpty();
  }

  static Stream<Arguments> broken() {
    String other = "'key':'k','job':'other','http':202";
    return Stream.of(
        bad("I1", "an acknowledged job is gone", SUBMIT),
        bad("I1", "an acknowledged job never ends", SUBMIT, dump("queued", "null", "", QUEUED)),
        bad("I1", "a job that nobody handed in", SUCCEEDED),
        bad(
            "I6",
            "one key, two jobs",
            SUBMIT,
            client("submit", 5, 6, "ok", other),
            SUCCEEDED,
            SUCCEEDED.replace("\"job\":\"j\"", "\"job\":\"other\"")),
        bad(
            "I6",
            "two keys, one job",
            SUBMIT,
            SUCCEEDED,
            client("submit", 5, 6, "ok", "'key':'k2','job':'j','http':202")),
        bad(
            "I6",
            "a used key takes another body",
            SUBMIT,
            SUCCEEDED,
            client("conflict", 5, 6, "ok", "'key':'k','http':202")),
        bad(
            "I2",
            "an acknowledged output is not the recorded one",
            SUBMIT,
            GRANT,
            COMPLETE,
            SUCCEEDED.replace("{\"n\":1}", "{\"n\":2}")),
        bad("I2", "an output that nobody gave", SUBMIT, GRANT, SUCCEEDED),
        bad(
            "I2",
            "a completed job is recorded as failed",
            SUBMIT,
            GRANT,
            COMPLETE,
            dump(
                "failed",
                "null",
                attempt(1, "failed"),
                QUEUED,
                RUNNING,
                event(3, "done", "failed"))),
        bad(
            "I2",
            "an old holder is heard after a new grant",
            SUBMIT,
            GRANT,
            COMPLETE,
            runner("grant", 21, 25, "ok", "'token':'t2','attempt':2"),
            SUCCEEDED),
        bad(
            "I2",
            "a heartbeat extends a lease that was given up",
            SUBMIT,
            GRANT,
            COMPLETE,
            runner("heartbeat", 50, 51, "ok", "'token':'t1','attempt':1,'state':'ok'"),
            SUCCEEDED),
        bad("I2", "a done job changes", SUBMIT, READ_DONE.replace("\"d\"", "\"e\""), SUCCEEDED),
        bad("I3", "a canceled job succeeds", SUBMIT, CANCEL, SUCCEEDED),
        bad(
            "I3",
            "a canceled job has an output",
            SUBMIT,
            CANCEL,
            CANCELED.replace("\"output\":null", "\"output\":1")),
        bad(
            "I3",
            "a canceled job is lent",
            SUBMIT,
            CANCEL,
            CANCELED,
            runner("grant", 61, 62, "ok", "'token':'t1','attempt':1")),
        bad(
            "I3",
            "the runner of a canceled job is heard",
            SUBMIT,
            GRANT,
            CANCEL,
            CANCELED,
            runner("progress", 61, 62, "ok", "'token':'t1','attempt':1,'state':'ok'")),
        bad(
            "I8",
            "a job that was never queued",
            SUBMIT,
            dump("succeeded", "{'n':1}", attempt(1, "succeeded"), RUNNING, DONE)),
        bad(
            "I8",
            "a final job moves",
            SUBMIT,
            dump(
                "succeeded",
                "{'n':1}",
                attempt(1, "succeeded"),
                QUEUED,
                RUNNING,
                DONE,
                event(4, "status", "queued"))),
        bad(
            "I8",
            "an event id falls",
            SUBMIT,
            dump(
                "succeeded",
                "{'n':1}",
                attempt(1, "succeeded"),
                QUEUED,
                event(1, "status", "running"),
                DONE)),
        bad(
            "I8",
            "a job without an end",
            SUBMIT,
            dump("succeeded", "{'n':1}", attempt(1, "succeeded"), QUEUED, RUNNING)),
        bad(
            "I9",
            "more attempts than allowed",
            SUBMIT,
            dump(
                "succeeded",
                "{'n':1}",
                attempt(1, "failed")
                    + ","
                    + attempt(2, "failed")
                    + ","
                    + attempt(3, "failed")
                    + ","
                    + attempt(4, "succeeded"),
                QUEUED,
                RUNNING,
                DONE)),
        bad(
            "I9",
            "an attempt that never ended",
            SUBMIT,
            dump("succeeded", "{'n':1}", attempt(1, "running"), QUEUED, RUNNING, DONE)),
        bad(
            "I9",
            "attempts out of order",
            SUBMIT,
            dump(
                "succeeded",
                "{'n':1}",
                attempt(1, "failed") + "," + attempt(3, "succeeded"),
                QUEUED,
                RUNNING,
                DONE)),
        bad(
            "I9",
            "a living runner loses its lease",
            PLAN,
            SUBMIT,
            grant(10, 20, 2),
            runner("heartbeat", 30, 31, "ok", token(2) + ",'state':'stop','reason':'lost'"),
            LOST_AT_2,
            runner("complete", 1, 1, "info", "'token':'t0','attempt':1,'output':{'n':1}")),
        bad("I14", "a grant pays twice", SUBMIT, PAID, bill(1, 2), bill(1, 2)),
        bad("I14", "a call without a grant", SUBMIT, PAID, bill(1, 1)),
        bad("I14", "a canceled job is paid for later", SUBMIT, CANCELED_LATE, bill(2, 4)),
        bad(
            "I14",
            "more attempts are paid for than there may be",
            SUBMIT,
            PAID.replace("\"max_attempts\":3", "\"max_attempts\":1"),
            bill(1, 2),
            bill(2, 3)),
        bad("I16", "an event comes twice", SUBMIT, SUCCEEDED, SEEN_1, SEEN_1, SEEN_2, SEEN_3),
        bad("I16", "an event is left out", SUBMIT, SUCCEEDED, SEEN_1, SEEN_3),
        bad(
            "I16",
            "an event that is not recorded",
            SUBMIT,
            SUCCEEDED,
            SEEN_1,
            SEEN_2.replace("\"id\":2", "\"id\":9")),
        bad(
            "I17",
            "an acknowledged job is not found",
            SUBMIT,
            SUCCEEDED,
            client("get", 5, 6, "fail", "'job':'j','http':404")),
        bad(
            "I17",
            "a job goes back to an earlier attempt",
            SUBMIT,
            SUCCEEDED,
            client("get", 5, 6, "ok", "'job':'j','http':200,'done':false,'attempt':2"),
            client("get", 7, 8, "ok", "'job':'j','http':200,'done':false,'attempt':1")),
        bad(
            "I17",
            "a job is done and then is not",
            SUBMIT,
            SUCCEEDED,
            READ_DONE,
            client("get", 7, 8, "ok", "'job':'j','http':200,'done':false,'attempt':1")),
        bad("I19", "a 500", SUBMIT, SUCCEEDED, client("get", 5, 6, "info", "'job':'j','http':500")),
        bad(
            "I19",
            "a 503 without Retry-After",
            SUBMIT,
            SUCCEEDED,
            client("get", 5, 6, "info", "'job':'j','http':503")),
        bad(
            "I19",
            "ready while the store refuses",
            SUBMIT,
            SUCCEEDED,
            "{'p':'nemesis','t0':0,'t':0,'e':'ok','f':'refusing'}".replace('\'', '"'),
            client("ready", 2_000_000_001L, 2_000_000_002L, "ok", "'http':200")));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("broken")
  void each_broken_promise_is_named_and_shown(String invariant, String what, List<String> lines) {
    List<Violation> found = check(lines.toArray(String[]::new));

    assertThat(found).as(what).isNotEmpty();
    assertThat(found).extracting(Violation::invariant).containsOnly(invariant);
    assertThat(found.getFirst().witness()).hasSizeBetween(1, 3);
  }

  @Test
  void the_program_tells_with_its_exit_code() throws Exception {
    Files.writeString(folder.resolve("client.jsonl"), SUBMIT + "\n");
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

    assertThat(Checker.report(History.read(folder), out)).isOne();
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("I1: j was acknowledged and is gone");
    Files.writeString(folder.resolve("store.jsonl"), SUCCEEDED + "\n");
    assertThat(Checker.report(History.read(folder), out)).isZero();
  }

  private static Arguments bad(String invariant, String what, String... lines) {
    return Arguments.of(invariant, what, List.of(lines));
  }

  private static List<Violation> check(String... lines) {
    List<History.Line> read = new ArrayList<>();
    for (String line : lines) {
      read.add(History.line(line));
    }
    return Checker.check(History.of(read));
  }

  private static String client(String what, long t0, long t, String ending, String more) {
    return line("client", what, t0, t, ending, more);
  }

  private static String runner(String what, long t0, long t, String ending, String more) {
    return line("runner", what, t0, t, ending, "'job':'j'," + more);
  }

  private static String line(String who, String what, long t0, long t, String ending, String more) {
    return "{'p':'%s','f':'%s','t0':%d,'t':%d,'e':'%s',%s}"
        .formatted(who, what, t0, t, ending, more)
        .replace('\'', '"');
  }

  private static String grant(long t0, long t, long fence) {
    return runner("grant", t0, t, "ok", token(fence) + ",'attempt':1");
  }

  private static String bill(int attempt, long fence) {
    String more = "'job':'j','attempt':%d,".formatted(attempt) + token(fence);
    return line("provider", "bill", 50, 50, "ok", more);
  }

  private static String token(long fence) {
    return "'token':'" + new LeaseToken(new JobId(1, 1), fence, 1, 1).wire() + "'";
  }

  private static String event(long id, String type, String status) {
    return "{'id':%d,'type':'%s','status':'%s'}".formatted(id, type, status);
  }

  private static String attempt(int number, String status) {
    return "{'number':%d,'status':'%s','finished_at':'x'}".formatted(number, status);
  }

  private static String dump(String status, String output, String attempts, String... events) {
    boolean done = !status.equals("queued");
    String more =
        "'job':'j','digest':'d','state':{'status':'%s','done':%b,'output':%s,'attempt':9,'max_attempts':3,'retry_of':null},'attempts':[%s],'events':[%s]"
            .formatted(status, done, output, attempts, String.join(",", events));
    return line("store", "dump", 100, 100, "ok", more);
  }
}
