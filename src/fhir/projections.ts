import { dstu2Projections } from './dstu2/index.ts';
import type { Projection } from './model/projection.ts';

/**
 * All converted versions that are stored beside the record. Code that writes resources must pass them to the store,
 * which converts each resource in the same transaction.
 */
export const projections: readonly Projection[] = dstu2Projections;
