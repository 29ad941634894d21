package dev.coatcheck.testkit;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.job.Payload;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The callback tokens of every grant in the order in which they were made known. */
final class Tokens {

  private final Map<LeaseToken, List<CallbackToken>> known = new HashMap<>();

  void granted(Grant grant) {
    if (grant.callback() != null) {
      add(grant.token(), grant.callback());
    }
  }

  void add(LeaseToken lease, CallbackToken token) {
    known.computeIfAbsent(lease, key -> new ArrayList<>()).add(token);
  }

  /** A token of the lease, counted from the newest; one that nobody made if there are too few. */
  CallbackToken of(LeaseToken lease, int back) {
    List<CallbackToken> tokens = known.getOrDefault(lease, List.of());
    return back < tokens.size()
        ? tokens.get(tokens.size() - 1 - back)
        : new CallbackToken(
            lease.job(), lease.fence(), Payload.of(new byte[CallbackToken.SECRET_BYTES]));
  }
}
