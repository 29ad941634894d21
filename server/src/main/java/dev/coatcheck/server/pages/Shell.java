package dev.coatcheck.server.pages;

/**
 * What stands around every page.
 *
 * @param title of the page
 * @param section the part of the navigation it belongs to; empty for none
 * @param mode {@code open} or {@code closed}
 * @param store kind of the store
 * @param assets path that scripts and styles are under
 */
public record Shell(
    String title, String section, String version, String mode, String store, String assets) {}
