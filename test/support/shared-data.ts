import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const place = process.env['SHARED_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

/**
 * The folder of public FHIR data beside the checkout, or at SHARED_DATA; undefined if it doesn't exist, which skips its
 * tests.
 */
export const SHARED_DATA: string | undefined = existsSync(place) ? place : undefined;
