import { readElements } from '../core/xml/elements.ts';
import table from './generated/elements.json' with { type: 'json' };

/** Of FHIR DSTU2 1.0.2. */
export const dstu2Elements = readElements(table);
