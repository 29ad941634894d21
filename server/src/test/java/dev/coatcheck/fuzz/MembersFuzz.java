package dev.coatcheck.fuzz;

import dev.coatcheck.server.body.Faults;
import dev.coatcheck.server.body.Members;
import dev.coatcheck.server.http.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A body of any kind is read by any reader of members: with a value, or with a fault that says why.
 */
public final class MembersFuzz {

  private static final Set<String> KNOWN = Set.of("a", "b", "c");

  private MembersFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    try {
      Faults faults = new Faults();
      Members members = Members.of(data, KNOWN, faults);
      read(members);
      read(members.object("a", KNOWN));
      members.objects("b", 3, KNOWN).forEach(MembersFuzz::read);
      faults.check();
    } catch (Problem refused) {
      Claim.that(refused.getMessage() != null, "a refusal says why");
    }
  }

  private static void read(Members members) {
    for (String name : KNOWN) {
      String text = members.text(name, 20);
      Claim.that(text == null || text.length() <= 20, "a text has bounds");
      String line = members.line(name, 20);
      Claim.that(line == null || line.indexOf('\n') < 0, "a line is one");
      members.word(name, List.of("x", "y"));
      members.flag(name);
      Integer small = members.integer(name, -5, 5);
      Claim.that(small == null || Math.abs(small) <= 5, "an integer has bounds");
      Long whole = members.whole(name, 0, Long.MAX_VALUE);
      Claim.that(whole == null || whole >= 0, "a whole number has bounds");
      Double number = members.number(name, -1, 1);
      Claim.that(number == null || Math.abs(number) <= 1, "a number has bounds");
      Long micros = members.micros(name, 1_000_000_000_000L);
      Claim.that(micros == null || micros >= 0, "an amount has bounds");
      Duration duration = members.duration(name, Duration.ZERO, Duration.ofDays(366));
      Claim.that(
          duration == null || duration.compareTo(Duration.ofDays(366)) <= 0,
          "a duration has bounds");
      Claim.that(members.strings(name, 4).size() <= 4, "a list has bounds");
      if (members.get(name) != null) {
        members.raw(name).ifPresent(raw -> Claim.that(raw.size() > 0, "a member has a text"));
      }
    }
  }
}
