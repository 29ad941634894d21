package dev.coatcheck.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A resolver with a script: each name has its answers in turn, the last one for ever. */
final class Names implements Resolver {

  private final Map<String, Deque<List<InetAddress>>> script = new HashMap<>();
  private int asked;

  Names answer(String host, String... addresses) {
    script
        .computeIfAbsent(host, any -> new ArrayDeque<>())
        .add(Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
    return this;
  }

  int asked() {
    return asked;
  }

  @Override
  public List<InetAddress> resolve(String host) throws UnknownHostException {
    asked++;
    Deque<List<InetAddress>> answers = script.get(host);
    if (answers == null) {
      throw new UnknownHostException(host);
    }
    return answers.size() > 1 ? answers.remove() : answers.element();
  }
}
