package dev.coatcheck.store.postgres;

import dev.coatcheck.store.Result.SubmitResult;

/** A submission in a transaction of the caller's. */
public final class Enlisted {

  private final Transactions transactions;
  private final Transactions.Made<SubmitResult> made;

  Enlisted(Transactions transactions, Transactions.Made<SubmitResult> made) {
    this.transactions = transactions;
    this.made = made;
  }

  /** What became of it, if the transaction commits; nothing if not. */
  public SubmitResult result() {
    return made.result();
  }

  /**
   * The transaction has committed: tells all nodes that there is work, which they else find by
   * looking. Does no harm if it has not.
   */
  public void committed() {
    transactions.told(made);
  }
}
