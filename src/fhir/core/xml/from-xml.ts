import type { SaxesTagNS } from 'saxes';
import { printJson } from '../json.ts';
import type { Elements } from './elements.ts';
import { type Frame, resourceFrame } from './frames.ts';
import { MOST_LEVELS, makeParser } from './parser.ts';
import { XmlFault } from './xml-fault.ts';

/** Maximum length of a document in UTF-16 code units, far more than any resource has. */
const MOST_LETTERS = 1 << 25;

/**
 * Converts a resource from XML to JSON text. It accepts only elements and attributes of the version's definitions, in FHIR's
 * namespace, with no text between them. It doesn't check their order. FHIR R4 §2.6.1, DSTU2 §1.17
 * @throws XmlError with a description and the line
 */
export function fromXml(text: string, elements: Elements): string {
  if (text.length > MOST_LETTERS) throw new XmlFault(`It is longer than ${MOST_LETTERS} characters.`);
  let resource: object = {};
  const root = resourceFrame(elements, 'The document', (read) => {
    resource = read;
  });
  const frames: Frame[] = [root];
  const top = () => frames.at(-1) ?? root;
  const parser = makeParser();
  parser.on('opentag', (tag: SaxesTagNS) => {
    if (frames.length > MOST_LEVELS) throw new XmlFault('It is nested too deep.');
    const frame = top().open(tag);
    if (frame !== undefined) frames.push(frame);
  });
  parser.on('text', (part) => top().text(part));
  parser.on('cdata', (part) => top().text(part));
  parser.on('closetag', (tag: SaxesTagNS) => {
    if (top().close(tag)) frames.pop();
  });
  try {
    parser.write(text).close();
  } catch (error) {
    throw error instanceof XmlFault ? new XmlFault(`Line ${parser.line}: ${error.message}`) : error;
  }
  return printJson(resource);
}
