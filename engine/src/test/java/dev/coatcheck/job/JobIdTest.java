package dev.coatcheck.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JobIdTest {

  private static final Instant AT = Instant.parse("2026-11-25T03:00:00.123Z");

  @Test
  void an_id_is_read_back_from_its_text() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      JobId id = new JobId(random.nextLong(), random.nextLong());
      assertThat(id.toString()).matches("job_[0-7][0-9a-hjkmnp-tv-z]{25}");
      assertThat(JobId.parse(id.toString())).contains(id);
    }
  }

  @Test
  void ids_sort_by_time_as_numbers_and_as_texts() {
    Random random = new Random(2);
    List<JobId> ids =
        IntStream.range(0, 1000)
            .mapToObj(i -> JobId.of(AT.plusMillis(i), random.nextInt(), random.nextLong()))
            .toList();
    assertThat(ids).isSorted();
    assertThat(ids.stream().map(JobId::toString)).isSorted();
  }

  @Test
  void an_id_carries_its_time() {
    JobId id = JobId.of(AT, -1, -1);
    assertThat(id.createdAt()).isEqualTo(AT);
    assertThat(JobId.floor(AT)).isLessThanOrEqualTo(id);
    assertThat(JobId.floor(AT.plusMillis(1))).isGreaterThan(id);
  }

  @Test
  void anything_else_is_no_id() {
    String good = JobId.of(AT, 5, 5).toString();
    for (String bad :
        List.of(
            "",
            "job_",
            good + "0",
            good.substring(0, good.length() - 1),
            good.replace("job_", "run_"),
            good.toUpperCase(java.util.Locale.ROOT),
            "job_8" + good.substring(5),
            "job_" + "u".repeat(26),
            "job_" + "é".repeat(26))) {
      assertThat(JobId.parse(bad)).as(bad).isEmpty();
    }
  }
}
