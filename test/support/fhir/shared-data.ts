import { existsSync } from 'node:fs';
import path from 'node:path';
import { CHECKOUT } from '../checkout.ts';

const place = process.env['SHARED_DATA'] ?? path.join(CHECKOUT, '../shared/data');

/**
 * The folder of public FHIR data beside the checkout, or at SHARED_DATA; undefined if it doesn't exist, which skips its
 * tests.
 */
export const SHARED_DATA: string | undefined = existsSync(place) ? place : undefined;
