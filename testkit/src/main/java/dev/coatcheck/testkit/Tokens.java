package dev.coatcheck.testkit;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.job.Payload;
import dev.coatcheck.lease.LeaseToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The callback tokens of every lease in the order in which they were made known. */
final class Tokens {

  private final Map<LeaseToken, List<CallbackToken>> known = new HashMap<>();

  void add(LeaseToken lease, CallbackToken token) {
    known.computeIfAbsent(lease, key -> new ArrayList<>()).add(token);
  }

  /** A token of the lease, counted from the newest; one that nobody made if there are too few. */
  CallbackToken of(LeaseToken lease, int back) {
    List<CallbackToken> tokens = known.getOrDefault(lease, List.of());
    return back < tokens.size() ? tokens.get(tokens.size() - 1 - back) : madeByNobody(lease);
  }

  static CallbackToken madeByNobody(LeaseToken lease) {
    return new CallbackToken(
        lease.job(), lease.fence(), Payload.of(new byte[CallbackToken.SECRET_BYTES]));
  }
}
