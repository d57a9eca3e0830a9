import { readElements } from '../core/xml/elements.ts';
import table from './generated/elements.json' with { type: 'json' };

/** Of FHIR R4 4.0.1. */
export const r4Elements = readElements(table);
