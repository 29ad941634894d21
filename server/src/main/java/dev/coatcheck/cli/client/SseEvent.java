package dev.coatcheck.cli.client;

/** One event of a stream; {@code lastId} is what a resume would name, empty if nothing yet. */
record SseEvent(String type, String data, String lastId) {}
