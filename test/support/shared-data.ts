import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const place = process.env['SHARED_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** Public FHIR data beside the checkout, or at SHARED_DATA; undefined where there is none: those tests are left out. */
export const SHARED_DATA: string | undefined = existsSync(place) ? place : undefined;
