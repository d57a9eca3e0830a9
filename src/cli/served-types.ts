import { describeServedTypes, dstu2, r4 } from '../fhir/index.ts';

/** Resource types of R4 and DSTU2 that scopes can name on this server. */
export const SERVED_TYPES = describeServedTypes([r4, dstu2]);
