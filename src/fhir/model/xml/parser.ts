import { SaxesParser } from 'saxes';
import { HTML_ENTITIES } from './html-entities.ts';
import { XmlError } from './xml-error.ts';

export const FHIR_NAMESPACE = 'http://hl7.org/fhir';
export const XHTML_NAMESPACE = 'http://www.w3.org/1999/xhtml';
/**
 * Maximum nesting depth of XML elements in documents that are read or written. The functions that write elements are
 * recursive, so deeper documents could overflow the stack. Resources need about a dozen levels.
 */
export const MAX_DEPTH = 100;

/** HTML entities by name. The object has no prototype, so that a name such as `constructor` isn't found. */
const ENTITIES: Record<string, string> = Object.assign(Object.create(null), HTML_ENTITIES, {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  quot: '"',
});

/**
 * Creates a namespace-aware XML 1.0 parser. It throws an XmlError if the text isn't well-formed. It also rejects
 * document type declarations, so it never reads entity declarations (FHIR R4 §2.6.1).
 * @param base namespace of elements without a prefix
 */
export function createXmlParser(base = ''): SaxesParser<{ xmlns: true }> {
  const parser = new SaxesParser({
    xmlns: true,
    additionalNamespaces: { '': base },
    position: false,
    defaultXMLVersion: '1.0',
    forceXMLVersion: true,
  });
  parser.ENTITIES = ENTITIES;
  parser.on('doctype', () => {
    throw new XmlError('Document type declarations are not allowed in FHIR. Remove <!DOCTYPE …>.');
  });
  parser.on('error', ({ message }) => {
    throw new XmlError(`The document isn’t well-formed XML: ${message}`);
  });
  return parser;
}
