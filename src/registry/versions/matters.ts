import { coversAll, parseScopes } from '../../access/index.ts';
import type { AppTerms } from '../app.ts';

/** What a person decides by, and what decides where data goes: changed on an app that works, it waits for a review. */
export const REVIEWED = [
  'name',
  'redirectUris',
  'launchUri',
  'scope',
  'apis',
  'policyUri',
  'termsUri',
  'dataUse',
] as const;
export type ReviewedField = (typeof REVIEWED)[number];

/** The reviewed fields in which `wanted` is more or other than `now`. What only takes something away is not among them. */
export const waitingFields = (now: AppTerms, wanted: AppTerms): readonly ReviewedField[] =>
  REVIEWED.filter((field) => !isNoMore[field](now, wanted));

type Judge = (now: AppTerms, wanted: AppTerms) => boolean;
const isNoMore: Readonly<Record<ReviewedField, Judge>> = {
  name: (now, wanted) => now.name === wanted.name,
  redirectUris: (now, wanted) => wanted.redirectUris.every((uri) => now.redirectUris.includes(uri)),
  launchUri: (now, wanted) => wanted.launchUri === undefined || now.launchUri === wanted.launchUri,
  scope: (now, wanted) => coversAll(parseScopes(now.scope).scopes, parseScopes(wanted.scope).scopes),
  apis: (now, wanted) => wanted.apis.every((api) => now.apis.includes(api)),
  policyUri: (now, wanted) => now.metadata['policy_uri'] === wanted.metadata['policy_uri'],
  termsUri: (now, wanted) => now.metadata['tos_uri'] === wanted.metadata['tos_uri'],
  dataUse: (now, wanted) => sameAnswers(now.dataUse, wanted.dataUse),
};

const sameAnswers = (one: AppTerms['dataUse'], other: AppTerms['dataUse']): boolean =>
  JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

/** `base`, with some of the reviewed fields as `from` has them. */
export function withFields(base: AppTerms, from: AppTerms, fields: readonly ReviewedField[]): AppTerms {
  let terms = base;
  for (const field of fields) terms = { ...terms, ...taken(field, terms, from) };
  return terms;
}

function taken(field: ReviewedField, to: AppTerms, from: AppTerms): Partial<AppTerms> {
  if (field === 'policyUri') return { metadata: withMember(to.metadata, from.metadata, 'policy_uri') };
  if (field === 'termsUri') return { metadata: withMember(to.metadata, from.metadata, 'tos_uri') };
  return { [field]: from[field] };
}

function withMember(
  to: AppTerms['metadata'],
  from: AppTerms['metadata'],
  member: 'policy_uri' | 'tos_uri',
): AppTerms['metadata'] {
  const { [member]: _before, ...others } = to;
  return from[member] === undefined ? others : { ...others, [member]: from[member] };
}

/**
 * The app as it is, with what a review was about as the version has it. All else may have been changed since, and stays:
 * keys that were taken out must not come back by an approval.
 */
export const withReviewed = (app: AppTerms, version: AppTerms): AppTerms => withFields(app, version, REVIEWED);
