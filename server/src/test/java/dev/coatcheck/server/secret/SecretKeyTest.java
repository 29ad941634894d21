package dev.coatcheck.server.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.server.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretKeyTest {

  @TempDir private Path directory;

  private byte[] sign(Path folder, String use) {
    return SecretKey.in(folder, new SecureRandom()).signer(use).sign("text");
  }

  @Test
  void a_key_is_made_once_for_this_user_only() throws Exception {
    Path folder = directory.resolve("new/data");
    byte[] first = sign(folder, "a");

    assertThat(sign(folder, "a")).isEqualTo(first);
    assertThat(sign(directory.resolve("other"), "a")).isNotEqualTo(first);
    assertThat(folder.toFile().list()).containsExactly("secret.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    Path key = folder.resolve("secret.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
  }

  @Test
  void what_is_signed_for_one_use_is_good_for_no_other() {
    assertThat(sign(directory, "a")).isNotEqualTo(sign(directory, "b"));
  }

  @Test
  void half_a_key_is_none() throws Exception {
    Files.writeString(directory.resolve("secret.key"), "0123");
    assertThatThrownBy(() -> sign(directory, "a"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("damaged");
  }
}
