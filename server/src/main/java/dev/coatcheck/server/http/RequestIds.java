package dev.coatcheck.server.http;

import dev.coatcheck.job.Crockford;
import java.util.concurrent.ThreadLocalRandom;

/** Names of requests, for people who look for one in a log; not secret. */
public final class RequestIds {

  /** The attribute of a request that holds its id. */
  public static final String ATTRIBUTE = "coatcheck.request-id";

  private RequestIds() {}

  public static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high = (System.currentTimeMillis() << 16) | random.nextInt(1 << 16);
    return "req_" + Crockford.encode(high, random.nextLong());
  }
}
