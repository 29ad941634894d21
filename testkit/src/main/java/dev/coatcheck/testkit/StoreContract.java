package dev.coatcheck.testkit;

/** A set of promises; the test of a store names all sets it must keep. */
public interface StoreContract {

  /** The same bench throughout one test. */
  StoreBench bench();
}
