package dev.coatcheck.server.config;

/** A value as text, and who gave it. */
record ConfigValue(String text, String origin) {}
