import type { SaxesAttributeNS, SaxesTagNS } from 'saxes';
import { escapeAttribute, escapeXmlText } from './escape.ts';
import { createXmlParser, MAX_DEPTH, XHTML_NAMESPACE } from './parser.ts';
import { XmlError } from './xml-error.ts';

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
/**
 * HTML elements without an end tag. They are written as `<br/>`, because an HTML parser would read `<br></br>` as two
 * line breaks.
 */
const VOID_ELEMENTS = new Set(['area', 'br', 'col', 'hr', 'img', 'input', 'wbr']);

/**
 * Writes the `div` of a narrative in canonical form while a parser reads it: one namespace declaration, characters
 * instead of entities, no comments and no processing instructions (FHIR R4 §2.6.1.2).
 */
export class XhtmlWriter {
  #text = '';
  #levels = 0;
  /**
   * True while the last start tag is written without its `>`. Only what follows decides whether the tag ends in `>` or,
   * for an empty element such as `<br/>`, in `/>`.
   */
  #isOpen = false;

  open(tag: SaxesTagNS): void {
    if (tag.uri !== XHTML_NAMESPACE)
      throw new XmlError(`The narrative contains ${tag.name}, which isn’t allowed in XHTML.`);
    if (this.#levels === 0 && tag.local !== 'div')
      throw new XmlError('A narrative must be a single div that contains everything else.');
    if (this.#levels >= MAX_DEPTH) throw new XmlError('The narrative is nested too deep.');
    this.#closeStart();
    const attributes = Object.values(tag.attributes).map(writeAttribute).join('');
    this.#text += `<${tag.local}${this.#levels === 0 ? ` xmlns="${XHTML_NAMESPACE}"` : ''}${attributes}`;
    this.#isOpen = true;
    this.#levels += 1;
  }

  text(text: string): void {
    if (text === '') return;
    this.#closeStart();
    this.#text += escapeXmlText(text);
  }

  /**
   * Writes an end tag.
   * @returns true if it ends the narrative
   */
  close({ local }: SaxesTagNS): boolean {
    if (this.#isOpen && VOID_ELEMENTS.has(local)) {
      this.#text += '/>';
      this.#isOpen = false;
    } else {
      this.#closeStart();
      this.#text += `</${local}>`;
    }
    this.#levels -= 1;
    return this.#levels === 0;
  }

  result(): string {
    return this.#text;
  }

  #closeStart(): void {
    if (this.#isOpen) this.#text += '>';
    this.#isOpen = false;
  }
}

function writeAttribute({ name, prefix, local, uri, value }: SaxesAttributeNS): string {
  if (name === 'xmlns' || prefix === 'xmlns') return '';
  if (prefix !== '' && uri !== XML_NAMESPACE)
    throw new XmlError(`The narrative contains ${name}, which isn’t allowed in XHTML.`);
  return ` ${prefix === '' ? local : name}="${escapeAttribute(value)}"`;
}

/**
 * Returns the narrative of a JSON resource in canonical form. Its `div` may lack the XHTML namespace, which is a common
 * mistake.
 * @throws XmlError if the narrative isn't valid XHTML
 */
export function canonicalXhtml(text: string): string {
  const writer = new XhtmlWriter();
  const parser = createXmlParser(XHTML_NAMESPACE);
  parser.on('opentag', (tag) => writer.open(tag));
  parser.on('text', (part) => writer.text(part));
  parser.on('cdata', (part) => writer.text(part));
  parser.on('closetag', (tag) => void writer.close(tag));
  parser.write(text).close();
  return writer.result();
}
