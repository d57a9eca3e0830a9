import { makeParser, XHTML_NAMESPACE } from '../../core/xml/parser.ts';
import { XmlFault } from '../../core/xml/xml-fault.ts';

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
const ADDRESS = /^(https?:|mailto:|tel:|urn:|#)/i;

/**
 * Whether a narrative has nothing but what FHIR lets it have, less pictures and styles: whoever shows a document shows
 * those of its entries too. FHIR R4 §2.4.0, txt-1
 */
export function isAllowedNarrative(div: unknown): boolean {
  if (typeof div !== 'string') return false;
  let isAllowed = true;
  const parser = makeParser(XHTML_NAMESPACE);
  parser.on('opentag', ({ local, uri, attributes }) => {
    isAllowed &&= uri === XHTML_NAMESPACE && ELEMENTS.has(local);
    for (const { name, value } of Object.values(attributes))
      isAllowed &&= ATTRIBUTES.has(name) && (name !== 'href' || ADDRESS.test(value));
  });
  try {
    parser.write(div).close();
  } catch (error) {
    if (error instanceof XmlFault) return false;
    throw error;
  }
  return isAllowed;
}
