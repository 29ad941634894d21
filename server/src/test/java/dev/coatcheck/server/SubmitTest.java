package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubmitTest {

  private TestServer server;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start();
    client = server.client;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_job_is_accepted_with_202_and_its_result_is_there_later() {
    Client.Answer answer = client.submit("held", "{\"n\":1}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    assertThat(answer.header("Location")).isEqualTo(client.base + "/v1/jobs/" + answer.id());
    assertThat(answer.header("Retry-After")).isEqualTo("2");
    server.release(1);
    client.until(answer.id(), "succeeded");
    assertThat(client.get("/v1/jobs/" + answer.id() + "/result").text()).isEqualTo("\"released\"");
  }
}
