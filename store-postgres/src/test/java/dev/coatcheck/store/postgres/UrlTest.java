package dev.coatcheck.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.store.StoreRefusedException;
import org.junit.jupiter.api.Test;

final class UrlTest {

  @Test
  void several_hosts_are_asked_which_is_the_primary_and_none_is_waited_for_long() {
    Url url = Url.parse("postgresql://me:a%40b@one:5432,two:5433/coatcheck");

    assertThat(url.jdbc())
        .startsWith("jdbc:postgresql://one:5432,two:5433/coatcheck?")
        .contains("targetServerType=primary", "connectTimeout=2", "socketTimeout=5")
        .contains("loginTimeout=8");
    assertThat(url.user()).contains("me");
    assertThat(url.password()).contains("a@b");
  }

  @Test
  void what_the_url_says_counts() {
    Url url = Url.parse("postgresql://db/coatcheck?sslmode=verify-full&socketTimeout=60");

    assertThat(url.jdbc())
        .contains("?sslmode=verify-full&socketTimeout=60&ApplicationName=coatcheck")
        .doesNotContain("socketTimeout=5");
  }

  @Test
  void no_password_is_shown() {
    Url url = Url.parse("postgres://me:secret@db/coatcheck?password=secret");

    assertThat(url.toString()).isEqualTo("postgresql://db/coatcheck");
    assertThatThrownBy(() -> Url.parse("postgresql://me:secret@db"))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageNotContaining("secret");
  }
}
