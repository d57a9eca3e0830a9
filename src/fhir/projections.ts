import { dstu2Projections } from './dstu2/index.ts';
import type { Projection } from './model/projection.ts';

/**
 * Conversions of R4 resources to other FHIR versions that the database stores. Code that writes resources passes them
 * to the store, which converts each resource in the transaction that writes it.
 */
export const projections: readonly Projection[] = dstu2Projections;
