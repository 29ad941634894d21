package dev.coatcheck.chaos;

import java.util.List;

/** Something that must hold of every history. */
interface Invariant {

  List<Violation> check(Evidence evidence);
}
