import type { SaxesTagNS } from 'saxes';
import { XmlError } from './xml-error.ts';

/** Namespace of attributes such as `xsi:schemaLocation`, which aren't content. */
const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

/** Reads the attributes of a FHIR element, without namespace declarations. @throws XmlError if one isn't known */
export function readAttributes(
  { name: owner, attributes }: SaxesTagNS,
  isKnown: (name: string) => boolean,
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, prefix, uri, value } of Object.values(attributes)) {
    if (name === 'xmlns' || prefix === 'xmlns' || uri === SCHEMA_INSTANCE) continue;
    if (prefix !== '' || !isKnown(name))
      throw new XmlError(`${owner} has the attribute ${name}, which FHIR does not know.`);
    found[name] = value;
  }
  return found;
}
