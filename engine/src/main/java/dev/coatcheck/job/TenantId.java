package dev.coatcheck.job;

/** Who owns a job. Names follow the rule of {@link Names}. */
public record TenantId(String value) {

  /** The tenant of a server that runs open, and of an embedded engine. */
  public static final TenantId DEFAULT = new TenantId("default");

  public TenantId {
    Names.require(value, "tenant");
  }

  @Override
  public String toString() {
    return value;
  }
}
