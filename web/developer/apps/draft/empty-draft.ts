import type { AppDraft } from '../../../../src/portal-api/contract/apps.ts';

type AppDraftKind = AppDraft['kind'];

/**
 * Scopes of a new app. A patient app starts with all types, as most apps do: the patient can decline some of them, and
 * the first request returns data. Staff and backend apps see other people's data, so they start with a minimum to which
 * the developer adds scopes.
 */
const INITIAL_SCOPES: Readonly<Record<AppDraftKind, string>> = {
  patient: 'openid fhirUser launch/patient patient/*.rs',
  staff: 'openid fhirUser launch launch/patient patient/Patient.rs',
  backend: 'system/Patient.rs',
};

export const emptyDraft = (kind: AppDraftKind): AppDraft => ({
  kind,
  name: '',
  description: '',
  website: '',
  policyUri: '',
  termsUri: '',
  redirectUris: kind === 'backend' ? [] : [''],
  launchUri: '',
  apis: ['r4', 'dstu2'],
  scope: INITIAL_SCOPES[kind],
  auth: kind === 'backend' ? 'private_key_jwt' : 'secret',
  jwksUri: '',
  dpopBound: false,
  requireAud: false,
  dataUse: {},
  listed: true,
});

/**
 * Changes the kind of app in a draft. Resets the fields that depend on the kind, and keeps the description of the app.
 */
export const changeKind = (draft: AppDraft, kind: AppDraftKind): AppDraft => {
  if (draft.kind === kind) return draft;
  const { name, description, website, policyUri, termsUri, dataUse, listed, redirectUris } = draft;
  const descriptive = { name, description, website, policyUri, termsUri, dataUse, listed };
  const callbacks = kind === 'backend' ? [] : redirectUris.length === 0 ? [''] : redirectUris;
  return { ...emptyDraft(kind), ...descriptive, redirectUris: callbacks };
};

/**
 * Normalizes a draft before it is sent: drops empty addresses, and the fields that the selected authentication method
 * doesn't use.
 */
export function normalizeDraft(draft: AppDraft): AppDraft {
  const { jwks, ...rest } = draft;
  const keyed = draft.auth === 'private_key_jwt';
  return {
    ...rest,
    name: draft.name.trim(),
    description: draft.description.trim(),
    redirectUris: draft.redirectUris.map((one) => one.trim()).filter((one) => one !== ''),
    scope: draft.scope.trim().split(/\s+/).join(' '),
    jwksUri: keyed ? draft.jwksUri.trim() : '',
    ...(keyed && jwks !== undefined ? { jwks } : {}),
  };
}
