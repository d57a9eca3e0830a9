import type { Projection } from './core/projection.ts';
import { dstu2Projections } from './dstu2/index.ts';

/** Every form that is kept beside the record: whoever stores resources makes these with them. */
export const projections: readonly Projection[] = dstu2Projections;
