import type { AppDraft } from '../../../../src/portal-api/contract/apps.ts';
import type { WebMessages } from '../../../i18n/index.ts';
import { type DraftFieldError, isWithin } from '../draft/draft-form.ts';

export type WizardStep = keyof WebMessages['apps']['newApp']['steps'];

/** Fields of the draft in each step of the wizard. The wizard stays at a step while one of its fields has an error. */
const FIELDS: Readonly<Record<WizardStep, readonly (keyof AppDraft)[]>> = {
  kind: ['kind'],
  about: ['name', 'description', 'website', 'listed'],
  return: ['redirectUris', 'launchUri'],
  data: ['apis', 'scope'],
  proof: ['auth', 'jwks', 'jwksUri', 'dpopBound', 'requireAud'],
  use: ['dataUse'],
  policy: ['policyUri', 'termsUri'],
  review: [],
};

export const stepFields = (step: WizardStep): readonly string[] => FIELDS[step];

/**
 * Returns the steps of the wizard for a kind of app. Backend apps have no step for redirect URIs, because no one signs
 * in to them.
 */
export const stepsFor = (kind: AppDraft['kind'] | undefined): readonly WizardStep[] =>
  (Object.keys(FIELDS) as WizardStep[]).filter((step) => kind !== 'backend' || step !== 'return');

export const stepErrors = (step: WizardStep, errors: readonly DraftFieldError[]): readonly DraftFieldError[] =>
  errors.filter(({ field }) => FIELDS[step].some((one) => isWithin(field, one)));
