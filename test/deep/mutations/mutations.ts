import { AUTHORIZATION } from './authorization.ts';
import { CONSENT } from './consent.ts';
import { CONVERSION } from './conversion.ts';
import type { Mutation } from './mutation.ts';
import { PAGING } from './paging.ts';
import { SCOPES } from './scopes.ts';

export type { Mutation } from './mutation.ts';

export const MUTATIONS: Readonly<Record<string, readonly Mutation[]>> = {
  authorization: AUTHORIZATION,
  scopes: SCOPES,
  paging: PAGING,
  consent: CONSENT,
  conversion: CONVERSION,
};
