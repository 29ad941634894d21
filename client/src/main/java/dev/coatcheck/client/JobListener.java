package dev.coatcheck.client;

/** Hears the events of a job, one after the other. */
@FunctionalInterface
public interface JobListener {

  void on(JobEvent event);
}
