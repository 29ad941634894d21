package dev.coatcheck.server.config;

import dev.coatcheck.outbound.rules.AllowList;
import dev.coatcheck.outbound.rules.HostList;
import dev.coatcheck.store.base.Weights;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The checked configuration. */
public final class ServerConfig {

  private final Map<ConfigKey, ConfigValue> values;

  /** One key for people: its value, masked if secret, and who gave it. */
  public record Shown(String key, String value, String origin) {}

  ServerConfig(Map<ConfigKey, ConfigValue> values) {
    this.values = Map.copyOf(values);
  }

  public int port() {
    return Integer.parseInt(text(ConfigKey.PORT));
  }

  public String host() {
    return text(ConfigKey.HOST);
  }

  /** Without a slash at the end. */
  public Optional<String> publicUrl() {
    return Optional.of(text(ConfigKey.PUBLIC_URL).replaceAll("/+$", ""))
        .filter(url -> !url.isEmpty());
  }

  public Duration grace() {
    return duration(ConfigKey.GRACE).orElseThrow();
  }

  public boolean behindTlsProxy() {
    return Boolean.parseBoolean(text(ConfigKey.BEHIND_TLS_PROXY));
  }

  /** Empty for SQLite in {@link #dataDir}. */
  public Optional<String> storeUrl() {
    return Optional.of(text(ConfigKey.STORE_URL)).filter(url -> !url.isEmpty());
  }

  /** Whether jobs are kept in a database that several nodes may share. */
  public boolean onPostgres() {
    String url = text(ConfigKey.STORE_URL);
    return url.startsWith("postgresql://") || url.startsWith("postgres://");
  }

  public Path dataDir() {
    return Path.of(text(ConfigKey.DATA_DIR));
  }

  public Duration leaseDuration() {
    return duration(ConfigKey.LEASE).orElseThrow();
  }

  /** Empty leaves each worker its own rule. */
  public Optional<Duration> retention() {
    return duration(ConfigKey.RETENTION);
  }

  public int bodyMax() {
    return Integer.parseInt(text(ConfigKey.BODY_MAX));
  }

  public int bulkMax() {
    return Integer.parseInt(text(ConfigKey.BULK_MAX));
  }

  public int outputMax() {
    return Integer.parseInt(text(ConfigKey.OUTPUT_MAX));
  }

  public long uploadMax() {
    return Long.parseLong(text(ConfigKey.UPLOAD_MAX));
  }

  public Duration linkTtl() {
    return duration(ConfigKey.LINK_TTL).orElseThrow();
  }

  /** Empty for one that is made in {@link #dataDir}. */
  public Optional<String> secretKey() {
    return Optional.of(text(ConfigKey.SECRET_KEY)).filter(key -> !key.isEmpty());
  }

  public Set<String> indexedMetadata() {
    return Arrays.stream(text(ConfigKey.INDEXED_METADATA).split(","))
        .map(String::trim)
        .filter(key -> !key.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** How much each lane gets of a worker while several have ready jobs. */
  public Weights fairnessWeights() {
    return Weights.parse(text(ConfigKey.FAIRNESS_WEIGHTS));
  }

  /** What may be called besides the public Internet. */
  public AllowList outboundAllow() {
    boolean linkLocalToo = Boolean.parseBoolean(text(ConfigKey.OUTBOUND_LINK_LOCAL));
    return AllowList.parse(text(ConfigKey.OUTBOUND_ALLOW), linkLocalToo);
  }

  /** What jobs of the worker http may call. */
  public HostList httpAllow() {
    return HostList.parse(ConfigKey.HTTP_ALLOW.key(), text(ConfigKey.HTTP_ALLOW));
  }

  public boolean simulateAllowCrash() {
    return Boolean.parseBoolean(text(ConfigKey.ALLOW_CRASH));
  }

  /** Empty for an open server. */
  public Optional<AdminKey> adminKey() {
    String secret = text(ConfigKey.ADMIN_KEY);
    return secret.isEmpty() ? Optional.empty() : Optional.of(new AdminKey(secret));
  }

  /** Whether only this machine can reach the address that is listened on. */
  public boolean loopback() {
    try {
      return InetAddress.getByName(host()).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      return false;
    }
  }

  /** Every key in the order of its declaration, for people. */
  public List<Shown> describe() {
    return Arrays.stream(ConfigKey.values())
        .map(key -> new Shown(key.key(), shown(key), origin(key)))
        .toList();
  }

  private String shown(ConfigKey key) {
    String text = text(key);
    if (key.secret()) {
      return text.isEmpty() ? "" : "********";
    }
    return text.replaceAll("(://[^:/@\\s]*:)[^@/\\s]*@", "$1********@");
  }

  String text(ConfigKey key) {
    return value(key).text();
  }

  String origin(ConfigKey key) {
    return value(key).origin();
  }

  private ConfigValue value(ConfigKey key) {
    ConfigValue value = values.get(key);
    if (value == null) {
      throw new IllegalStateException("no value of " + key.key());
    }
    return value;
  }

  private Optional<Duration> duration(ConfigKey key) {
    return Durations.parse(text(key));
  }
}
