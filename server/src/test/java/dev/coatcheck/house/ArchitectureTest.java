package dev.coatcheck.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** See ARCHITECTURE.md, "The arrows". */
class ArchitectureTest {

  private static final String ROOT = "dev.coatcheck";
  private static final String[] NOUNS =
      in("job", "lease", "callback", "worker", "event", "file", "schedule", "operation");
  private static final String[] PORTS = in("store", "store.base", "handler", "runtime", "blob");
  private static final String[] VERBS =
      in(
          "commit",
          "submit",
          "dispatch",
          "lend",
          "receive",
          "operate",
          "report",
          "maintain",
          "observe",
          "keep",
          "tick");
  private static final String[] CLOSED_VERBS =
      in("dispatch", "lend", "receive", "maintain", "operate", "tick");
  private static final String[] ENGINE = concat(concat(NOUNS, PORTS), concat(VERBS, in("")));

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void all_modules_are_looked_at() {
    Set<String> packages = new TreeSet<>();
    CODE.forEach(type -> packages.add(type.getPackageName()));
    assertThat(packages)
        .contains(ENGINE)
        .contains(
            ROOT + ".store.sqlite",
            ROOT + ".store.postgres",
            ROOT + ".workers.summarize",
            ROOT + ".server")
        .contains(ROOT + ".cli", ROOT + ".outbound");
  }

  @Test
  void no_package_depends_on_one_that_depends_on_it() {
    slices().assignedFrom(new EachPackage()).should().beFreeOfCycles().check(CODE);
  }

  @Test
  void nouns_know_nouns_only() {
    noClasses()
        .that()
        .resideInAnyPackage(NOUNS)
        .should()
        .dependOnClassesThat(ours().and(not(NOUNS)))
        .check(CODE);
  }

  @Test
  void ports_speak_in_nouns_only() {
    noClasses()
        .that()
        .resideInAnyPackage(PORTS)
        .should()
        .dependOnClassesThat(ours().and(not(concat(NOUNS, PORTS))))
        .check(CODE);
  }

  @Test
  void verbs_do_not_know_the_root_or_what_is_outside_the_engine() {
    noClasses()
        .that()
        .resideInAnyPackage(VERBS)
        .should()
        .dependOnClassesThat(ours().and(not(concat(concat(NOUNS, PORTS), VERBS))))
        .check(CODE);
  }

  @Test
  void verbs_use_no_other_verb_but_the_open_ones() {
    for (String verb : VERBS) {
      noClasses()
          .that()
          .resideInAPackage(verb)
          .should()
          .dependOnClassesThat(
              JavaClass.Predicates.resideInAnyPackage(CLOSED_VERBS).and(not(new String[] {verb})))
          .check(CODE);
    }
  }

  @Test
  void the_engine_stands_on_the_jdk_slf4j_and_jspecify() {
    classes()
        .that()
        .resideInAnyPackage(ENGINE)
        .or()
        .resideInAPackage(ROOT + ".runtime.jvm")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            concat(
                ENGINE,
                new String[] {
                  ROOT + ".runtime.jvm", "java..", "org.slf4j", "org.jspecify.annotations"
                }))
        .check(CODE);
  }

  @Test
  void engine_code_waits_forks_and_reads_clocks_through_the_machine_only() {
    noClasses()
        .that()
        .resideInAnyPackage(ENGINE)
        .should()
        .dependOnClassesThat(new Blocking())
        .check(CODE);
    noClasses()
        .that()
        .resideInAnyPackage(ENGINE)
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Object.class, "wait")
        .orShould()
        .callMethod(Object.class, "wait", long.class)
        .orShould()
        .callMethod(Object.class, "notify")
        .orShould()
        .callMethod(Object.class, "notifyAll")
        .orShould()
        .callMethod(Math.class, "random")
        .check(CODE);
  }

  @Test
  void sql_stands_in_the_stores_only() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".store.sqlite..", ROOT + ".store.postgres..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..", "javax.sql..", "org.sqlite..", "org.postgresql..", "com.zaxxer..")
        .check(CODE);
  }

  @Test
  void the_way_out_knows_nothing_of_jobs_and_nobody_else_speaks_http_by_its_library() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".outbound..")
        .should()
        .dependOnClassesThat(ours().and(not(in("outbound", "outbound.rules"))))
        .check(CODE);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".outbound..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.hc..")
        .check(CODE);
  }

  @Test
  void workers_call_out_by_the_guarded_way_only() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".workers..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net.http..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.net.Socket")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.net.URL")
        .check(CODE);
  }

  @Test
  void workers_and_stores_do_not_know_the_server() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".workers..", ROOT + ".store.sqlite..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".server..", ROOT + ".cli..")
        .check(CODE);
  }

  @Test
  void the_server_does_not_know_the_command_line() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".server.(**)")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".cli..")
        .check(CODE);
  }

  @Test
  void only_the_command_line_prints() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".cli..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CODE);
  }

  @Test
  void every_package_says_what_it_is_for_and_is_null_marked() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaPackage each : CODE.getPackage(ROOT).getSubpackagesInTree()) {
      if (!each.getClasses().isEmpty() && !each.isAnnotatedWith(NullMarked.class)) {
        unmarked.add(each.getName());
      }
    }
    assertThat(unmarked).isEmpty();
  }

  @Test
  void no_name_is_a_shrug() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .orShould()
        .haveSimpleNameEndingWith("Processor")
        .check(CODE);
  }

  private static DescribedPredicate<JavaClass> ours() {
    return JavaClass.Predicates.resideInAPackage(ROOT + "..");
  }

  private static DescribedPredicate<JavaClass> not(String[] packages) {
    return DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(packages));
  }

  private static String[] in(String... names) {
    String[] packages = new String[names.length];
    for (int i = 0; i < names.length; i++) {
      packages[i] = names[i].isEmpty() ? ROOT : ROOT + "." + names[i];
    }
    return packages;
  }

  private static String[] concat(String[] some, String[] others) {
    String[] all = java.util.Arrays.copyOf(some, some.length + others.length);
    System.arraycopy(others, 0, all, some.length, others.length);
    return all;
  }

  /** Threads, and whatever of java.util.concurrent can make its caller wait. */
  private static final class Blocking extends DescribedPredicate<JavaClass> {

    private static final Set<String> HARMLESS =
        Set.of("ConcurrentHashMap", "ConcurrentMap", "ConcurrentHashMap$KeySetView");

    Blocking() {
      super("threads, locks, queues, futures");
    }

    @Override
    public boolean test(JavaClass type) {
      String name = type.getName();
      return name.equals("java.lang.Thread")
          || name.startsWith("java.util.concurrent.locks")
          || (name.startsWith("java.util.concurrent.")
              && !name.startsWith("java.util.concurrent.atomic.")
              && !HARMLESS.contains(name.substring("java.util.concurrent.".length())));
    }
  }

  private static final class EachPackage implements SliceAssignment {

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return type.getPackageName().startsWith(ROOT)
          ? SliceIdentifier.of(type.getPackageName())
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "each package";
    }
  }
}
