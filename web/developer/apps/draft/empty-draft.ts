import type { AppDraft } from '../../../../src/portal/contract/apps.ts';

type Kind = AppDraft['kind'];

/**
 * An app for one patient asks for all kinds, as most do: the person leaves out what they like, and first data shows
 * something. What staff and servers see of others is as little as makes sense: what more an app needs, its developer adds.
 */
const FIRST_SCOPES: Readonly<Record<Kind, string>> = {
  patient: 'openid fhirUser launch/patient patient/*.rs',
  staff: 'openid fhirUser launch launch/patient patient/Patient.rs',
  backend: 'system/Patient.rs',
};

export const emptyDraft = (kind: Kind): AppDraft => ({
  kind,
  name: '',
  description: '',
  website: '',
  policyUri: '',
  termsUri: '',
  redirectUris: kind === 'backend' ? [] : [''],
  launchUri: '',
  apis: ['r4', 'dstu2'],
  scope: FIRST_SCOPES[kind],
  auth: kind === 'backend' ? 'private_key_jwt' : 'secret',
  jwksUri: '',
  dpopBound: false,
  requireAud: false,
  dataUse: {},
  listed: true,
});

/** What of a draft is about its kind begins anew; what is said of the app stays. */
export const ofKind = (draft: AppDraft, kind: Kind): AppDraft => {
  if (draft.kind === kind) return draft;
  const { name, description, website, policyUri, termsUri, dataUse, listed, redirectUris } = draft;
  const kept = { name, description, website, policyUri, termsUri, dataUse, listed };
  const callbacks = kind === 'backend' ? [] : redirectUris.length === 0 ? [''] : redirectUris;
  return { ...emptyDraft(kind), ...kept, redirectUris: callbacks };
};

/** As it is sent: without the line that is still empty, and without what belongs to another way to prove who it is. */
export function tidied(draft: AppDraft): AppDraft {
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
