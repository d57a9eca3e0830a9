import { dstu2, r4, servedTypes } from '../fhir/index.ts';

/** Types that scopes can name on this server. */
export const SERVED = servedTypes([r4, dstu2]);
