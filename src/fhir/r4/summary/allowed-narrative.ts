import { createXmlParser, XHTML_NAMESPACE } from '../../model/xml/parser.ts';
import { XmlError } from '../../model/xml/xml-error.ts';

const ELEMENTS = new Set(
  'a abbr acronym b big blockquote br caption cite code col colgroup dd del dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i ins kbd li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'abbr align axis border cellhalign cellpadding cellspacing cellvalign char charoff cite class colspan dir frame headers height href id lang name nowrap rowspan rules scope span summary tabindex title type valign value width xml:lang xml:space xmlns'.split(
    ' ',
  ),
);
const ALLOWED_LINK = /^(https?:|mailto:|tel:|urn:|#)/i;

/**
 * Whether a narrative contains only what FHIR R4 §2.4.0 (txt-1) allows, and neither images nor styles. A client that
 * displays a summary also displays the narratives of its entries, so they must be safe.
 */
export function isAllowedNarrative(div: unknown): boolean {
  if (typeof div !== 'string') return false;
  let isAllowed = true;
  const parser = createXmlParser(XHTML_NAMESPACE);
  parser.on('opentag', ({ local, uri, attributes }) => {
    isAllowed &&= uri === XHTML_NAMESPACE && ELEMENTS.has(local);
    for (const { name, value } of Object.values(attributes))
      isAllowed &&= ATTRIBUTES.has(name) && (name !== 'href' || ALLOWED_LINK.test(value));
  });
  try {
    parser.write(div).close();
  } catch (error) {
    if (error instanceof XmlError) return false;
    throw error;
  }
  return isAllowed;
}
