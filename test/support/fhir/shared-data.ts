import { existsSync } from 'node:fs';
import path from 'node:path';
import { CHECKOUT } from '../checkout.ts';

const place = process.env['SHARED_DATA'] ?? path.join(CHECKOUT, '../shared/data');

/**
 * Folder of public FHIR data beside the checkout, or at SHARED_DATA. Undefined if it doesn't exist. Tests that need it
 * are then skipped.
 */
export const SHARED_DATA: string | undefined = existsSync(place) ? place : undefined;
