package dev.coatcheck.workers.summarize.language;

import dev.coatcheck.workers.summarize.document.Block;

/**
 * A sentence of a document, without the white space around it.
 *
 * @param index its number among all sentences of the document, from 0
 * @param text its text, exactly {@code document.text().substring(start, end)}
 * @param start offset of its first character
 * @param end offset one past its last character
 * @param block number of the block that holds it, from 0
 * @param kind what that block is
 * @param opensBlock whether it is the first sentence of that block
 */
public record Sentence(
    int index, String text, int start, int end, int block, Block.Kind kind, boolean opensBlock) {}
