package dev.coatcheck.store.postgres;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/** Throws a connection away whose server takes no changes: it may be primary no longer. */
final class Demotion implements SQLExceptionOverride {

  private static final String READ_ONLY = "25006";

  @java.lang.Override
  public Override adjudicate(SQLException e) {
    return READ_ONLY.equals(e.getSQLState()) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
  }
}
