import { coversAll, parseScopes } from '../../access/index.ts';
import type { AppTerms } from '../../domain/index.ts';

/**
 * Terms of an app that influence what patients decide or determine where data goes. A change of
 * these terms on an approved app needs a review.
 */
export const REVIEWED_FIELDS = [
  'name',
  'redirectUris',
  'launchUri',
  'scope',
  'apis',
  'policyUri',
  'termsUri',
  'initiateLoginUri',
  'dataUse',
] as const;
export type ReviewedField = (typeof REVIEWED_FIELDS)[number];

/**
 * Returns the fields that need a review because the wanted terms add or change something in them.
 * To remove a redirect URI, an API, a scope, the launch URI or the URL that starts the app needs no review.
 */
export const fieldsNeedingReview = (now: AppTerms, wanted: AppTerms): readonly ReviewedField[] =>
  REVIEWED_FIELDS.filter((field) => !addsNothing[field](now, wanted));

type TermsComparison = (now: AppTerms, wanted: AppTerms) => boolean;
const addsNothing: Readonly<Record<ReviewedField, TermsComparison>> = {
  name: (now, wanted) => now.name === wanted.name,
  redirectUris: (now, wanted) => wanted.redirectUris.every((uri) => now.redirectUris.includes(uri)),
  launchUri: (now, wanted) => wanted.launchUri === undefined || now.launchUri === wanted.launchUri,
  scope: (now, wanted) => coversAll(parseScopes(now.scope).scopes, parseScopes(wanted.scope).scopes),
  apis: (now, wanted) => wanted.apis.every((api) => now.apis.includes(api)),
  policyUri: (now, wanted) => now.metadata['policy_uri'] === wanted.metadata['policy_uri'],
  termsUri: (now, wanted) => now.metadata['tos_uri'] === wanted.metadata['tos_uri'],
  initiateLoginUri: (now, wanted) =>
    wanted.metadata['initiate_login_uri'] === undefined ||
    now.metadata['initiate_login_uri'] === wanted.metadata['initiate_login_uri'],
  dataUse: (now, wanted) => sameAnswers(now.dataUse, wanted.dataUse),
};

const sameAnswers = (one: AppTerms['dataUse'], other: AppTerms['dataUse']): boolean =>
  JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

/** Returns the terms `base`, but with the values that the given fields have in `from`. */
export function withFields(base: AppTerms, from: AppTerms, fields: readonly ReviewedField[]): AppTerms {
  let terms = base;
  for (const field of fields) terms = { ...terms, ...takeField(field, terms, from) };
  return terms;
}

function takeField(field: ReviewedField, to: AppTerms, from: AppTerms): Partial<AppTerms> {
  const member = METADATA_MEMBERS[field];
  return member === undefined
    ? { [field]: from[field as keyof AppTerms] }
    : { metadata: withMember(to.metadata, from.metadata, member) };
}

/** Names of reviewed fields that are stored as metadata: RFC 7591 §2 and OpenID Connect Registration 1.0 §2. */
const METADATA_MEMBERS: Readonly<Partial<Record<ReviewedField, string>>> = {
  policyUri: 'policy_uri',
  termsUri: 'tos_uri',
  initiateLoginUri: 'initiate_login_uri',
};

function withMember(to: AppTerms['metadata'], from: AppTerms['metadata'], member: string): AppTerms['metadata'] {
  const { [member]: _before, ...others } = to;
  return from[member] === undefined ? others : { ...others, [member]: from[member] };
}

/**
 * Returns the app's current terms with the reviewed fields of a version. All other fields keep
 * their current values, because they may have changed since: a key that was removed must not come
 * back with an approval.
 */
export const withReviewed = (app: AppTerms, version: AppTerms): AppTerms => withFields(app, version, REVIEWED_FIELDS);
