import type { AppDraft } from '../../../../src/portal/contract/apps.ts';
import type { Words } from '../../../words/index.ts';
import { type Fault, isWithin } from '../draft/form.ts';

export type Step = keyof Words['apps']['newApp']['steps'];

/** Fields of each step. An error in one of them keeps the step open. */
const FIELDS: Readonly<Record<Step, readonly (keyof AppDraft)[]>> = {
  kind: ['kind'],
  about: ['name', 'description', 'website', 'listed'],
  return: ['redirectUris', 'launchUri'],
  data: ['apis', 'scope'],
  proof: ['auth', 'jwks', 'jwksUri', 'dpopBound', 'requireAud'],
  use: ['dataUse'],
  policy: ['policyUri', 'termsUri'],
  review: [],
};

export const fieldsOf = (step: Step): readonly string[] => FIELDS[step];

/** A backend app has no step for redirect URIs, because nobody signs in to it. */
export const stepsFor = (kind: AppDraft['kind'] | undefined): readonly Step[] =>
  (Object.keys(FIELDS) as Step[]).filter((step) => kind !== 'backend' || step !== 'return');

export const faultsOfStep = (step: Step, errors: readonly Fault[]): readonly Fault[] =>
  errors.filter(({ field }) => FIELDS[step].some((one) => isWithin(field, one)));
