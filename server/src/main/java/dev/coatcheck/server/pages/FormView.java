package dev.coatcheck.server.pages;

import dev.coatcheck.server.pages.form.Form;

/**
 * A form and where it leads.
 *
 * @param action the path it is sent to
 * @param back the path that leads away from it
 * @param heading what it is for
 * @param button what sending it does
 */
public record FormView(
    WorkerView worker, Form form, String action, String back, String heading, String button) {}
