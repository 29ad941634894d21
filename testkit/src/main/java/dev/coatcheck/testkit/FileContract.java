package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.worker.Retention;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a store promises of files. */
public interface FileContract extends OnBench {

  Duration DAY = Duration.ofDays(1);
  TenantId BOB = new TenantId("bob");

  @Test
  default void a_file_is_found_by_its_tenant_only() {
    StoredFile file = add(1, DAY);
    Reader reader = bench().store().reader();

    assertThat(reader.file(StoreBench.TENANT, file.id())).contains(file);
    assertThat(reader.file(BOB, file.id())).isEmpty();
    assertThat(reader.file(StoreBench.TENANT, id(2))).isEmpty();
  }

  @Test
  default void a_file_survives_a_restart() {
    StoredFile file = add(1, DAY);
    bench().restart();

    assertThat(bench().store().reader().file(StoreBench.TENANT, file.id())).contains(file);
  }

  @Test
  default void digests_are_known_as_long_as_one_file_has_them() {
    add(1, Duration.ofHours(1));
    add(2, DAY);
    bench().advance(Duration.ofHours(1));
    bench().store().prune(9);
    Reader reader = bench().store().reader();
    Set<String> asked = Set.of(digest(1), digest(2), digest(3));

    assertThat(reader.digests(StoreBench.TENANT, asked)).containsExactly(digest(2));
    assertThat(reader.digests(BOB, asked)).isEmpty();
  }

  @Test
  default void a_job_may_refer_to_files_of_its_tenant_only() {
    StoredFile file = add(1, DAY);

    assertThat(bench().submit(job("w").file(file.id()))).isInstanceOf(Result.Accepted.class);
    assertThat(bench().submit(job("w").file(file.id()).file(id(2))))
        .isEqualTo(new Result.NoSuchFile(id(2)));
    assertThat(bench().submit(job("w").tenant("bob").file(file.id())))
        .isEqualTo(new Result.NoSuchFile(file.id()));
    assertThat(bench().counts("w").ready()).isOne();
  }

  @Test
  default void a_refused_file_takes_neither_the_idempotency_key_nor_harms_its_neighbors() {
    List<Result> results =
        bench()
            .store()
            .commit(
                List.of(
                    new Command.Submit(
                        job("w").file(id(7)).idempotency(Jobs.key("k", "f")).build(bench().now()),
                        true),
                    new Command.Submit(job("w").build(bench().now()), true)));

    assertThat(results.get(0)).isEqualTo(new Result.NoSuchFile(id(7)));
    assertThat(results.get(1)).isInstanceOf(Result.Started.class);
    assertThat(bench().submit(job("w").idempotency(Jobs.key("k", "other"))))
        .isInstanceOf(Result.Accepted.class);
  }

  @Test
  default void a_file_that_was_added_just_before_can_be_referred_to() {
    StoredFile file = file(1, DAY);
    List<Result> results =
        bench()
            .store()
            .commit(
                List.of(
                    new Command.AddFile(file),
                    new Command.Submit(job("w").file(file.id()).build(bench().now()), false)));

    assertThat(results.get(0)).isEqualTo(new Result.FileAdded());
    assertThat(results.get(1)).isInstanceOf(Result.Accepted.class);
  }

  @Test
  default void an_expired_file_goes() {
    StoredFile file = add(1, DAY);
    assertThat(bench().store().prune(9)).isEqualTo(new Sweep(0, file.expiresAt()));
    bench().advance(DAY);

    bench().check(bench().store().prune(9), 1, null);
    assertThat(bench().store().reader().file(StoreBench.TENANT, file.id())).isEmpty();
    assertThat(bench().submit(job("w").file(file.id())))
        .isEqualTo(new Result.NoSuchFile(file.id()));
  }

  @Test
  default void a_file_is_kept_while_an_open_job_refers_to_it() {
    bench()
        .commit(
            new Command.Define(
                WorkerSpec.named("w")
                    .retention(
                        new Retention(Duration.ofDays(9), Duration.ofDays(9), Duration.ofDays(9)))
                    .build(),
                "config"));
    StoredFile file = add(1, DAY);
    Job job = bench().accepted(job("w").file(file.id()).deadline(Duration.ofDays(30)));
    bench().advance(DAY);

    assertThat(bench().store().prune(9))
        .isEqualTo(new Sweep(1, bench().now().plus(Duration.ofHours(1))));
    assertThat(bench().store().reader().file(StoreBench.TENANT, file.id()))
        .contains(file.until(bench().now().plus(Duration.ofHours(1))));

    bench().cancel(job.id());
    bench().advance(Duration.ofHours(1));
    bench().store().prune(9);
    assertThat(bench().store().reader().file(StoreBench.TENANT, file.id())).isEmpty();
    assertThat(bench().look(job.id())).isInstanceOf(Lookup.Found.class);
  }

  @Test
  default void a_pruned_job_does_not_take_its_file_along() {
    Retention hour = new Retention(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));
    bench().commit(new Command.Define(WorkerSpec.named("w").retention(hour).build(), "config"));
    StoredFile file = add(1, DAY);
    Job job = bench().accepted(job("w").file(file.id()));
    bench().cancel(job.id());
    bench().advance(Duration.ofHours(1));
    bench().store().prune(9);

    assertThat(bench().look(job.id())).isInstanceOf(Lookup.Gone.class);
    assertThat(bench().store().reader().file(StoreBench.TENANT, file.id())).contains(file);
  }

  private StoredFile add(int number, Duration kept) {
    StoredFile file = file(number, kept);
    assertThat(bench().commit(new Command.AddFile(file))).isEqualTo(new Result.FileAdded());
    return file;
  }

  private StoredFile file(int number, Duration kept) {
    return new StoredFile(
        id(number),
        StoreBench.TENANT,
        "größe " + number + ".pdf",
        "application/pdf",
        number,
        digest(number),
        bench().now(),
        bench().now().plus(kept));
  }

  private static FileId id(int number) {
    return new FileId(number, 1);
  }

  private static String digest(int number) {
    return Integer.toString(number).repeat(64).substring(0, 64);
  }
}
