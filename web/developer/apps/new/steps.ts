import type { AppDraft } from '../../../../src/portal-api/contract/apps.ts';
import type { WebMessages } from '../../../i18n/index.ts';
import { type DraftFieldError, isWithin } from '../draft/draft-form.ts';

export type WizardStep = keyof WebMessages['apps']['newApp']['steps'];

/** Fields that describe an app to people. A new app can leave them empty. */
export const ABOUT_FIELDS = ['description', 'website', 'listed'] as const satisfies readonly (keyof AppDraft)[];

/** Fields of the draft in each step of the wizard. The wizard stays at a step while one of its fields has an error. */
const FIELDS: Readonly<Record<WizardStep, readonly (keyof AppDraft)[]>> = {
  app: ['kind', 'name', 'redirectUris', 'launchUri', ...ABOUT_FIELDS],
  access: ['auth', 'jwks', 'jwksUri', 'dpopBound', 'requireAud', 'apis', 'scope'],
  review: ['dataUse', 'policyUri', 'termsUri'],
};

export const STEPS = Object.keys(FIELDS) as readonly WizardStep[];

export const stepFields = (step: WizardStep): readonly string[] => FIELDS[step];

export const stepErrors = (step: WizardStep, errors: readonly DraftFieldError[]): readonly DraftFieldError[] =>
  errors.filter(({ field }) => FIELDS[step].some((one) => isWithin(field, one)));
