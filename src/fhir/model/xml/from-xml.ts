import type { SaxesTagNS } from 'saxes';
import { printJson } from '../json.ts';
import type { FhirElements } from './element-definitions.ts';
import { createResourceReader, type ElementReader } from './element-readers.ts';
import { createXmlParser, MAX_DEPTH } from './parser.ts';
import { XmlError } from './xml-error.ts';

/** Maximum length of an XML document in UTF-16 code units, far more than any resource has. */
const MAX_LENGTH = 1 << 25;

/**
 * Converts a resource from XML to JSON text. It accepts only elements and attributes of the version's definitions, in FHIR's
 * namespace, with no text between them. It doesn't check their order. FHIR R4 §2.6.1, DSTU2 §1.17
 * @throws XmlError with a description and the line
 */
export function fromXml(text: string, elements: FhirElements): string {
  if (text.length > MAX_LENGTH) throw new XmlError(`The document is longer than ${MAX_LENGTH} characters.`);
  let resource: object = {};
  const root = createResourceReader(elements, 'The document', (read) => {
    resource = read;
  });
  const frames: ElementReader[] = [root];
  const top = () => frames.at(-1) ?? root;
  const parser = createXmlParser();
  parser.on('opentag', (tag: SaxesTagNS) => {
    if (frames.length > MAX_DEPTH) throw new XmlError('The document is nested too deep.');
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
    throw error instanceof XmlError ? new XmlError(`Line ${parser.line}: ${error.message}`) : error;
  }
  return printJson(resource);
}
