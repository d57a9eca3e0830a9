import { readElements } from '../model/xml/element-definitions.ts';
import table from './generated/elements.json' with { type: 'json' };

/** Element definitions of FHIR DSTU2 1.0.2, used to write XML. */
export const dstu2Elements = readElements(table);
