package dev.coatcheck.workers.summarize.document.pdf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperandCountTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BT /F 12 Tf 72 700 Td (a) Tj ET 1 2 | 2 | 7",
        "[(a) 1 (b)] TJ 5 | 1 | 5",
        "[ q [] q (a\\)q) | 5 | 5",
        "<< /A true /B <41> >> true 1 | 7 | 7",
        "BI /W 1 ID x [ [ [ ( EI 1 2 3 | 3 | 5",
        "1 % 2 3 4 | 1 | 1"
      })
  void values_count_until_the_next_operator(String content, int inARow, int inAll) {
    OperandCount count = new OperandCount();
    int last = 0;
    for (byte each : (content + "\n").getBytes(StandardCharsets.US_ASCII)) {
      last = count.after(each);
    }
    assertThat(last).isEqualTo(inARow);
    assertThat(count.total()).isEqualTo(inAll);
  }
}
