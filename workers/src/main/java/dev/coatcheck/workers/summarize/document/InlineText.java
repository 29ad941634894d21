package dev.coatcheck.workers.summarize.document;

import java.util.regex.Pattern;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Image;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;

/** The text inside a paragraph, heading or table cell of Markdown, without its markup. */
final class InlineText extends AbstractVisitor {

  private static final Pattern FOOTNOTE = Pattern.compile("\\[\\^[^\\]\\s]{1,40}\\]:?");

  private final StringBuilder text = new StringBuilder();

  private InlineText() {}

  static String of(Node parent) {
    InlineText inline = new InlineText();
    for (Node child = parent.getFirstChild(); child != null; child = child.getNext()) {
      child.accept(inline);
    }
    return FOOTNOTE.matcher(inline.text).replaceAll("");
  }

  @Override
  public void visit(Text node) {
    text.append(node.getLiteral());
  }

  @Override
  public void visit(Code node) {
    text.append(node.getLiteral());
  }

  @Override
  public void visit(SoftLineBreak node) {
    text.append(' ');
  }

  @Override
  public void visit(HardLineBreak node) {
    text.append(' ');
  }

  @Override
  public void visit(Image node) {
    // Alternative text describes a picture the reader of a summary does not see.
  }

  @Override
  public void visit(CustomNode node) {
    // The only one is strikethrough, text that its author took back.
  }
}
