import type { AppDraft } from '../../../../src/portal-api/contract/apps.ts';

type AppDraftKind = AppDraft['kind'];

/**
 * Scopes of a new app. A patient app starts with all types, as most apps do: the patient can decline some of them, and
 * the first request returns data. It also starts with offline access, so that its tokens can be refreshed; the patient
 * can decline that too. Staff and backend apps see other people's data, so they start with a minimum to which
 * the developer adds scopes.
 */
const INITIAL_SCOPES: Readonly<Record<AppDraftKind, string>> = {
  patient: 'openid fhirUser launch/patient offline_access patient/*.rs',
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
  redirectUris: [''],
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
 * Changes the kind of app in a draft. Resets the fields that depend on the kind, and keeps the description of the app
 * and its redirect URIs.
 * @param before earlier draft with that kind, whose fields are restored
 */
export const changeKind = (draft: AppDraft, kind: AppDraftKind, before = emptyDraft(kind)): AppDraft => {
  if (draft.kind === kind) return draft;
  const { name, description, website, policyUri, termsUri, dataUse, listed, redirectUris } = draft;
  return { ...before, name, description, website, policyUri, termsUri, dataUse, listed, redirectUris };
};

/**
 * Normalizes a draft before it is sent: drops empty addresses, and the fields that the kind of app or the selected
 * authentication method doesn't use.
 */
export function normalizeDraft(draft: AppDraft): AppDraft {
  const { jwks, ...rest } = draft;
  const keyed = draft.auth === 'private_key_jwt';
  return {
    ...rest,
    name: draft.name.trim(),
    description: draft.description.trim(),
    redirectUris:
      draft.kind === 'backend' ? [] : draft.redirectUris.map((one) => one.trim()).filter((one) => one !== ''),
    scope: draft.scope.trim().split(/\s+/).join(' '),
    jwksUri: keyed ? draft.jwksUri.trim() : '',
    ...(keyed && jwks !== undefined ? { jwks } : {}),
  };
}
