package dev.coatcheck.server.pages.show;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.Payload;
import dev.coatcheck.server.json.PrettyJson;
import dev.coatcheck.server.json.RawJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.10",
        "\"a, {b}: \\\" [c]\"",
        "{}",
        "[]",
        "[[],{}]",
        "{\"a\":[1,1e400,{\"b\":null}],\"c\\u0000\":\"\\\\\"}",
        "[ 1 , { \"a\" : [ ] } ]"
      })
  void json_that_is_laid_out_keeps_every_token(String json) {
    byte[] compact = RawJson.compact(json.getBytes(StandardCharsets.UTF_8).clone());
    String pretty = PrettyJson.of(json);
    assertThat(RawJson.compact(pretty.getBytes(StandardCharsets.UTF_8))).isEqualTo(compact);
    assertThat(PrettyJson.of(pretty)).isEqualTo(pretty);
  }

  @Test
  void members_stand_on_lines_of_their_own() {
    assertThat(PrettyJson.of("{\"a\":[1,{}],\"b\":{\"c\":2}}"))
        .isEqualTo(
            """
            {
              "a": [
                1,
                {}
              ],
              "b": {
                "c": 2
              }
            }\
            """);
  }

  @Test
  void an_output_is_shown_by_its_shape() {
    assertThat(output("{\"text\":\"hello\"}")).isInstanceOf(Content.Plain.class);
    assertThat(output("\"hello\"")).isInstanceOf(Content.Plain.class);
    assertThat(output("{\"text\":5}")).isInstanceOf(Content.Other.class);
    assertThat(output("[1,2]")).isInstanceOf(Content.Other.class);
    assertThat(output("{\"summary\":\"s\",\"sentences\":[],\"key_points\":[]}"))
        .isInstanceOf(Content.Summary.class);
    assertThat(Content.ofOutput(null)).isInstanceOf(Content.Nothing.class);
  }

  @Test
  void an_output_that_is_no_json_or_too_deep_is_shown_as_it_is() {
    for (String text : new String[] {"{\"a", "[".repeat(100_000), "\"\\"}) {
      assertThat(output(text))
          .isInstanceOfSatisfying(
              Content.Other.class, other -> assertThat(other.code().text()).isEqualTo(text));
    }
  }

  @Test
  void of_a_long_output_only_the_beginning_is_put_on_a_page() {
    Content content = output("[\"" + "x".repeat(Content.PAGE_MAX) + "\"]");
    assertThat(content)
        .isInstanceOfSatisfying(
            Content.Other.class,
            other -> {
              assertThat(other.code().cut()).isTrue();
              assertThat(other.code().text()).hasSize(Content.PAGE_MAX);
            });
  }

  private static Content output(String text) {
    return Content.ofOutput(Payload.utf8(text));
  }
}
