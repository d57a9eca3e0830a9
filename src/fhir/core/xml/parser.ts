import { SaxesParser } from 'saxes';
import { HTML_ENTITIES } from './entities.ts';
import { XmlFault } from './xml-fault.ts';

export const FHIR_NAMESPACE = 'http://hl7.org/fhir';
export const XHTML_NAMESPACE = 'http://www.w3.org/1999/xhtml';
/** Whoever writes nested elements calls itself once for each level; a resource has a dozen. */
export const MOST_LEVELS = 100;

/** Without a prototype: `&constructor;` is no entity. */
const ENTITIES: Record<string, string> = Object.assign(Object.create(null), HTML_ENTITIES, {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  quot: '"',
});

/** With namespaces, of which `base` is that of names without any; what is not well-formed XML 1.0 is thrown, and no declaration of entities is read. FHIR R4 §2.6.1 */
export function makeParser(base = ''): SaxesParser<{ xmlns: true }> {
  const parser = new SaxesParser({
    xmlns: true,
    additionalNamespaces: { '': base },
    position: false,
    defaultXMLVersion: '1.0',
    forceXMLVersion: true,
  });
  parser.ENTITIES = ENTITIES;
  parser.on('doctype', () => {
    throw new XmlFault('A document type declaration is not taken: FHIR has none. Leave out <!DOCTYPE …>.');
  });
  parser.on('error', ({ message }) => {
    throw new XmlFault(`It is not well-formed XML: ${message}`);
  });
  return parser;
}
