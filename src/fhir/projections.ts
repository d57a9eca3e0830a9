import { dstu2Projections } from './dstu2/index.ts';
import type { Projection } from './model/projection.ts';

/**
 * All conversions of R4 resources to other FHIR versions. Code that writes resources passes this list to the store. The
 * store converts each resource, and saves the result, in the transaction that writes the resource.
 */
export const projections: readonly Projection[] = dstu2Projections;
