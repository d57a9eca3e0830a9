import { dstu2, r4, servedTypes } from '../fhir/index.ts';

/** The types that scopes can be about on this server. */
export const SERVED = servedTypes([r4, dstu2]);
