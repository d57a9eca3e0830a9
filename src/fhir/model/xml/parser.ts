import { SaxesParser } from 'saxes';
import { HTML_ENTITIES } from './html-entities.ts';
import { XmlError } from './xml-error.ts';

export const FHIR_NAMESPACE = 'http://hl7.org/fhir';
export const XHTML_NAMESPACE = 'http://www.w3.org/1999/xhtml';
/** Maximum nesting of elements, because writing them is recursive. Resources have about a dozen levels. */
export const MAX_DEPTH = 100;

/** Has no prototype, so that `&constructor;` isn't an entity. */
const ENTITIES: Record<string, string> = Object.assign(Object.create(null), HTML_ENTITIES, {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  quot: '"',
});

/**
 * Creates an XML 1.0 parser with namespaces. It throws XmlError for text that isn't well-formed and for a document type
 * declaration, so it never reads entity declarations. FHIR R4 §2.6.1
 * @param base namespace of names without one
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
    throw new XmlError('A document type declaration is not taken: FHIR has none. Leave out <!DOCTYPE …>.');
  });
  parser.on('error', ({ message }) => {
    throw new XmlError(`It is not well-formed XML: ${message}`);
  });
  return parser;
}
