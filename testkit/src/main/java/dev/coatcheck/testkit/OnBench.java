package dev.coatcheck.testkit;

/** Promises that are tried on a bench. */
public interface OnBench {

  /** The same bench throughout one test. */
  StoreBench bench();
}
