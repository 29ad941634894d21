package dev.coatcheck.workers.summarize.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class PagesTest {

  @Test
  void a_page_holds_the_characters_from_its_start_to_the_next() {
    Pages pages = new Pages(List.of(0, 10, 25));
    assertThat(pages.count()).isEqualTo(3);
    assertThat(List.of(0, 9, 10, 24, 25, 99)).map(pages::pageAt).containsExactly(1, 1, 2, 2, 3, 3);
  }

  @Test
  void pages_must_start_at_zero() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Pages(List.of(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> new Pages(List.of()));
  }
}
