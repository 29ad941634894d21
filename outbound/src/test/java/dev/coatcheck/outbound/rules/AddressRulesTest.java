package dev.coatcheck.outbound.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row S38 of the requirements: which addresses are closed, and what opens them. */
class AddressRulesTest {

  private static final Interfaces NOWHERE = address -> false;

  private static AddressRules rules(String allow, boolean linkLocalToo) {
    return new AddressRules(AllowList.parse(allow, linkLocalToo), ForbiddenSockets.NONE, NOWHERE);
  }

  private static boolean blocked(AddressRules rules, String address) {
    return rules.blocks(InetAddress.ofLiteral(address), 443, false).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.0.0",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.0",
        "192.0.0.192",
        "192.0.0.255",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "168.63.129.16",
        "100.100.100.200"
      })
  void addresses_that_are_not_of_the_public_internet_are_closed(String address) {
    assertThat(blocked(rules("", false), address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::",
        "::1",
        "::2",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:a9fe:a9fe",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::808:808",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "2002:a00:1::1",
        "2001:0:a9fe:a9fe::1",
        "2001:0:808:808:0:0:5601:5601",
        "100::1",
        "2001:db8::1",
        "2001:10::1",
        "2001:2::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "4000::1"
      })
  void of_ipv6_too_and_of_whatever_leads_to_ipv4(String address) {
    assertThat(blocked(rules("", false), address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "168.63.129.17",
        "100.200.100.200",
        "2606:4700::1111",
        "2a00:1450:4001::200e",
        "2001:200::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
        "2001:0:808:808:0:0:f7f7:f7f7"
      })
  void addresses_of_the_public_internet_are_open(String address) {
    assertThat(blocked(rules("", false), address)).isFalse();
  }

  @Test
  void the_addresses_of_this_machine_are_closed_even_if_they_are_public() {
    InetAddress mine = InetAddress.ofLiteral("8.8.4.4");
    AddressRules rules = new AddressRules(AllowList.NONE, ForbiddenSockets.NONE, mine::equals);
    assertThat(blocked(rules, "8.8.4.4")).isTrue();
    assertThat(blocked(rules, "64:ff9b::8.8.4.4")).isTrue();
    assertThat(blocked(rules, "8.8.4.5")).isFalse();
  }

  @Test
  void the_network_interfaces_are_those_of_this_machine() {
    Interfaces interfaces = Interfaces.ofThisMachine();
    assertThat(interfaces.own(InetAddress.getLoopbackAddress())).isTrue();
    assertThat(interfaces.own(InetAddress.ofLiteral("127.9.9.9"))).isTrue();
    assertThat(interfaces.own(InetAddress.ofLiteral("0.0.0.0"))).isTrue();
    assertThat(interfaces.own(InetAddress.ofLiteral("8.8.8.8"))).isFalse();
  }

  @Test
  void the_allow_list_opens_ranges_and_ports_of_them() {
    AddressRules rules = rules("10.0.0.0/8, 192.168.1.7:8443, fd12::/16", false);
    assertThat(blocked(rules, "10.1.2.3")).isFalse();
    assertThat(blocked(rules, "11.0.0.0")).isFalse();
    assertThat(blocked(rules, "172.16.0.1")).isTrue();
    assertThat(blocked(rules, "fd12::9")).isFalse();
    assertThat(blocked(rules, "fd13::9")).isTrue();
    assertThat(blocked(rules, "192.168.1.7")).isTrue();
    assertThat(rules.blocks(InetAddress.ofLiteral("192.168.1.7"), 8_443, false)).isEmpty();
    assertThat(blocked(rules, "64:ff9b::10.1.2.3")).as("another way to the same place").isTrue();
  }

  @Test
  void link_local_and_metadata_need_a_second_flag() {
    String all = "0.0.0.0/0, ::/0";
    for (String metadata :
        List.of(
            "169.254.169.254",
            "168.63.129.16",
            "100.100.100.200",
            "192.0.0.192",
            "fe80::1",
            "fd00:ec2::254",
            "64:ff9b::a9fe:a9fe")) {
      assertThat(blocked(rules(all, false), metadata)).as(metadata).isTrue();
      assertThat(blocked(rules(all, true), metadata)).as(metadata).isFalse();
      assertThat(blocked(rules("", true), metadata)).as(metadata).isTrue();
    }
  }

  @Test
  void nothing_opens_what_is_no_host() {
    for (String never : List.of("0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1")) {
      assertThat(blocked(rules("0.0.0.0/0, ::/0", true), never)).as(never).isTrue();
    }
  }

  @Test
  void a_host_that_is_listed_by_name_may_be_at_private_addresses_but_not_at_metadata() {
    AddressRules rules = rules("crm.corp.example", false);
    assertThat(rules.blocks(InetAddress.ofLiteral("10.0.0.1"), 443, true)).isEmpty();
    assertThat(rules.blocks(InetAddress.ofLiteral("169.254.169.254"), 443, true)).isPresent();
  }

  @Test
  void sockets_of_the_server_are_closed_whatever_is_listed() {
    OwnSockets own = new OwnSockets(Interfaces.ofThisMachine());
    AllowList everything = AllowList.parse("0.0.0.0/0, ::/0, localhost", true);
    AddressRules rules = new AddressRules(everything, own, NOWHERE);
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    assertThat(rules.blocks(loopback, 9_000, true)).as("before the port is known").isPresent();
    own.listen(8_080);
    assertThat(rules.blocks(loopback, 9_000, true)).isEmpty();
    for (String way :
        List.of(
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "::",
            "::1",
            "::127.0.0.1",
            "64:ff9b::127.0.0.1",
            "2002:7f00:1::")) {
      assertThat(rules.blocks(InetAddress.ofLiteral(way), 8_080, true)).as(way).isPresent();
    }
  }

  @Test
  void other_sockets_such_as_a_database_can_be_forbidden_too() {
    ForbiddenSockets database =
        (address, port) -> address.getHostAddress().equals("10.0.0.9") && port == 5_432;
    AddressRules rules =
        new AddressRules(
            AllowList.parse("10.0.0.0/8", false), ForbiddenSockets.NONE.or(database), NOWHERE);
    assertThat(rules.blocks(InetAddress.ofLiteral("10.0.0.9"), 5_432, true)).isPresent();
    assertThat(rules.blocks(InetAddress.ofLiteral("10.0.0.9"), 443, true)).isEmpty();
  }

  @Test
  void one_closed_address_of_many_closes_all() {
    List<InetAddress> mixed =
        List.of(InetAddress.ofLiteral("8.8.8.8"), InetAddress.ofLiteral("::1"));
    assertThat(rules("", false).blocksAny(mixed, 443, false))
        .hasValue("0:0:0:0:0:0:0:1 is loopback");
    assertThat(rules("", false).blocksAny(mixed.subList(0, 1), 443, false)).isEmpty();
  }
}
