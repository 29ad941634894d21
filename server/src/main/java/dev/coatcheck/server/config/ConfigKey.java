package dev.coatcheck.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Every key of the configuration: its name, type, default and meaning stand here only. */
public enum ConfigKey {
  PORT("server.port", Type.PORT, "8080", "TCP port; 0 picks a free one"),
  HOST("server.host", Type.TEXT, "127.0.0.1", "address to listen on"),
  PUBLIC_URL("server.public_url", Type.URL, "", "URL under which clients reach the server"),
  GRACE("server.grace", Type.DURATION, "30s", "time that running work gets when the server stops"),
  BEHIND_TLS_PROXY(
      "server.behind_tls_proxy", Type.FLAG, "false", "a proxy in front of the server speaks TLS"),
  STORE_URL("store.url", Type.TEXT, "", "where jobs are kept; empty for SQLite in data.dir"),
  DATA_DIR("data.dir", Type.TEXT, "./data", "folder of the server's files"),
  LEASE(
      "lease.duration",
      Type.LEASE,
      "30s",
      "time after which the work of a silent runner is given to another, 1s to 10m"),
  RETENTION(
      "retention.default",
      Type.DURATION,
      "",
      "how long finished jobs are kept; empty for the worker's own rule"),
  BODY_MAX("limits.body", Type.BYTES, "1048576", "bytes of a JSON body at most"),
  BULK_MAX("limits.bulk", Type.BYTES, "67108864", "bytes of a body with many jobs at most"),
  OUTPUT_MAX("limits.output", Type.BYTES, "1048576", "bytes of a job's output at most"),
  UPLOAD_MAX("limits.upload", Type.BYTES, "268435456", "bytes of an uploaded file at most"),
  LINK_TTL(
      "files.link_ttl", Type.LINK_TTL, "1h", "how long a link to a file's content works, 1s to 1h"),
  INDEXED_METADATA(
      "indexed_metadata", Type.TEXT, "user", "metadata keys that lists can be filtered by"),
  FAIRNESS_WEIGHTS(
      "fairness.weights",
      Type.WEIGHTS,
      "",
      "how much a fairness key or tenant gets of a busy worker, with commas between:"
          + " acme=3,free=0.5; the others weigh 1"),
  OUTBOUND_ALLOW(
      "outbound.allow",
      Type.ALLOW_LIST,
      "",
      "hosts and addresses that may be called although they are not public, with commas between:"
          + " 10.0.0.0/8, crm.corp.example, *.corp.example:8443"),
  OUTBOUND_LINK_LOCAL(
      "outbound.allow_link_local",
      Type.FLAG,
      "false",
      "whether outbound.allow also opens link-local addresses and the metadata of clouds"),
  HTTP_ALLOW(
      "workers.http.allow",
      Type.HOST_LIST,
      "",
      "hosts that http jobs may call, with commas between: api.example.com, *.example.com,"
          + " host:port, or * for all; empty for none"),
  ALLOW_CRASH(
      "workers.simulate.allow_crash",
      Type.FLAG,
      "false",
      "whether a simulate job may crash the server or burn its CPU"),
  ADMIN_KEY(
      "admin_key",
      Type.SECRET,
      "",
      "key that every request must have, 32 characters or more; empty for an open server"),
  SECRET_KEY(
      "secret_key",
      Type.SECRET,
      "",
      "what links to files are signed with, 32 characters or more; empty for one that is made in"
          + " data.dir");

  /** What a value must look like. */
  enum Type {
    TEXT,
    PORT,
    URL,
    DURATION,
    LEASE,
    LINK_TTL,
    BYTES,
    FLAG,
    WEIGHTS,
    ALLOW_LIST,
    HOST_LIST,
    SECRET
  }

  private final String key;
  private final Type type;
  private final String fallback;
  private final String meaning;

  ConfigKey(String key, Type type, String fallback, String meaning) {
    this.key = key;
    this.type = type;
    this.fallback = fallback;
    this.meaning = meaning;
  }

  /** The name in the file and as a flag. */
  public String key() {
    return key;
  }

  /** The name in the environment. */
  public String variable() {
    return "COATCHECK_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  public String fallback() {
    return fallback;
  }

  public String meaning() {
    return meaning;
  }

  public boolean secret() {
    return type == Type.SECRET;
  }

  Type type() {
    return type;
  }

  static Optional<ConfigKey> of(String key) {
    return Arrays.stream(values()).filter(each -> each.key.equals(key)).findFirst();
  }

  static Optional<ConfigKey> ofVariable(String variable) {
    return Arrays.stream(values()).filter(each -> each.variable().equals(variable)).findFirst();
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(ConfigKey::key).toList();
  }

  static List<String> variables() {
    return Arrays.stream(values()).map(ConfigKey::variable).toList();
  }
}
