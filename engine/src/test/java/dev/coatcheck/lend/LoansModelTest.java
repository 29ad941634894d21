package dev.coatcheck.lend;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Standing;
import dev.coatcheck.store.Reader;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** What is known of a job's leases is what was last heard, as if one word came after the other. */
public class LoansModelTest {

  private static final JobId JOB = new JobId(1, 1);

  /** Two leases of one job; the store knows of none, so that only what was heard counts. */
  @Param(name = "fence", gen = IntGen.class, conf = "2:3")
  public static final class Heard {

    private final Loans loans = new Loans(nothing());

    @Operation
    public void add(@Param(name = "fence") int fence) {
      loans.add(grant(fence));
    }

    @Operation
    public boolean known(@Param(name = "fence") int fence) {
      return loans.lookUp(lease(fence)) instanceof Standing.Held;
    }

    @Operation
    public void close(@Param(name = "fence") int fence) {
      loans.close(lease(fence));
    }
  }

  /** The same, where one does it after the other. */
  public static final class OneAfterTheOther {

    private int last;

    public void add(int fence) {
      last = fence;
    }

    public boolean known(int fence) {
      return last == fence;
    }

    public void close(int fence) {
      last = last == fence ? 0 : last;
    }
  }

  private static LeaseToken lease(int fence) {
    return new LeaseToken(JOB, fence, 1, 1);
  }

  private static Grant grant(int fence) {
    return new Grant(
        lease(fence),
        new TenantId("ann"),
        "w",
        1,
        1,
        3,
        1,
        0,
        0,
        Payload.utf8("{}"),
        Map.of(),
        Instant.EPOCH,
        Duration.ofMinutes(1),
        null,
        null,
        null,
        null);
  }

  private static Reader nothing() {
    return (Reader)
        Proxy.newProxyInstance(
            Reader.class.getClassLoader(),
            new Class<?>[] {Reader.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "standing" -> new Standing.Unknown();
                  case "hashCode" -> 1;
                  case "equals" ->
                      System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                  default -> "nothing";
                });
  }

  @Test
  void what_was_last_heard_counts() {
    new ModelCheckingOptions()
        .iterations(5)
        .invocationsPerIteration(150)
        .threads(2)
        .actorsPerThread(3)
        .sequentialSpecification(OneAfterTheOther.class)
        .check(Heard.class);
  }
}
