package dev.coatcheck.job;

/** Who owns a job. Names follow the rule of {@link Names}. */
public record TenantId(String value) {

  /** The tenant of a server that runs open, and of an embedded engine. */
  public static final TenantId DEFAULT = new TenantId("default");

  /** Ends the name under which the tenant's {@linkplain #hidden hidden} jobs are kept. */
  private static final String HIDDEN = "~";

  public TenantId {
    Names.require(value.endsWith(HIDDEN) ? shown(value) : value, "tenant");
  }

  /** Under which runs are kept that stand for jobs of this tenant: nobody asks for them by it. */
  public TenantId hidden() {
    return new TenantId(shown(value) + HIDDEN);
  }

  /** The tenant itself, whether this is its hidden name or not. */
  public TenantId shown() {
    return value.endsWith(HIDDEN) ? new TenantId(shown(value)) : this;
  }

  private static String shown(String value) {
    return value.endsWith(HIDDEN) ? value.substring(0, value.length() - HIDDEN.length()) : value;
  }

  @Override
  public String toString() {
    return value;
  }
}
