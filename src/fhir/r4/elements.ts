import { readElements } from '../model/xml/element-definitions.ts';
import table from './generated/elements.json' with { type: 'json' };

/** Element definitions of FHIR R4 4.0.1, used to write XML. */
export const r4Elements = readElements(table);
