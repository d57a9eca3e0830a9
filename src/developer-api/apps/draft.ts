import { readDataUse } from '../../access/index.ts';
import { withDefaultTerms } from '../../apps/index.ts';
import type { AppTerms } from '../../domain/index.ts';
import type { AppDraft } from '../../portal-api/index.ts';

/** Converts the terms of an app to the draft that its developer edits. */
export function toDraft(terms: AppTerms): AppDraft {
  return {
    kind: terms.kind,
    name: terms.name,
    description: terms.description ?? '',
    website: metadataText(terms, 'client_uri'),
    policyUri: metadataText(terms, 'policy_uri'),
    termsUri: metadataText(terms, 'tos_uri'),
    redirectUris: [...terms.redirectUris],
    launchUri: terms.launchUri ?? '',
    apis: [...terms.apis],
    scope: terms.scope,
    auth: terms.auth,
    ...(terms.jwks === undefined ? {} : { jwks: terms.jwks }),
    jwksUri: terms.jwksUri ?? '',
    dpopBound: terms.dpopBound,
    requireAud: terms.requireAud,
    dataUse: { ...terms.dataUse } as Record<string, string>,
    listed: terms.listed,
  };
}

const metadataText = ({ metadata }: AppTerms, member: string): string =>
  typeof metadata[member] === 'string' ? metadata[member] : '';

/**
 * Terms that the developer doesn't control: the organization, the practices of a backend app, and
 * permissions that an operator gave.
 */
export type OperatorTerms = Pick<
  AppTerms,
  'practiceIds' | 'secretInQuery' | 'idTokenAlg' | 'mayIntrospect' | 'developer' | 'verifiedAt' | 'metadata'
>;

/** Converts a draft to terms. @param given terms that the draft doesn't contain, of the existing or new app */
export function draftToTerms(draft: AppDraft, given: Partial<OperatorTerms>): AppTerms {
  const { auth, jwks, jwksUri } = draft;
  const described = {
    ...withDefaultTerms({ ...draft, ...pickOperatorTerms(given), state: 'provisional' }),
    scope: normalizeSpaces(draft.scope),
  };
  return {
    ...described,
    apis: (['r4', 'dstu2'] as const).filter((api) => draft.apis.includes(api)),
    redirectUris: splitAddresses(draft.redirectUris).map(({ uri }) => uri),
    launchUri: draft.launchUri.trim() || undefined,
    jwks: jwks ?? undefined,
    jwksUri: jwksUri.trim() || undefined,
    dataUse: readDataUse(draft.dataUse),
    metadata: toMetadata(draft, given.metadata ?? {}),
    // Permission to introspect is only for apps that authenticate.
    mayIntrospect: described.mayIntrospect && auth !== 'none',
  };
}

/** An `App` has more members, which the draft determines. */
const pickOperatorTerms = (given: Partial<OperatorTerms>): Partial<OperatorTerms> => {
  const { practiceIds, secretInQuery, idTokenAlg, mayIntrospect, developer, verifiedAt } = given;
  const all = { practiceIds, secretInQuery, idTokenAlg, mayIntrospect, developer, verifiedAt };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
};

const normalizeSpaces = (scope: string): string => scope.split(/\s+/).filter(Boolean).join(' ');

/** Metadata by the names of RFC 7591 §2. */
function toMetadata({ website, policyUri, termsUri }: AppDraft, known: AppTerms['metadata']): AppTerms['metadata'] {
  const { client_uri: _website, policy_uri: _policy, tos_uri: _terms, ...others } = known;
  const addresses = { client_uri: website, policy_uri: policyUri, tos_uri: termsUri };
  const given = Object.entries(addresses).filter(([, address]) => address.trim() !== '');
  return { ...others, ...Object.fromEntries(given.map(([member, address]) => [member, normalizeUrl(address)])) };
}

/** Normalizes a URL as a browser does. */
const normalizeUrl = (address: string): string => (URL.canParse(address) ? new URL(address).href : address.trim());

/**
 * Splits entries that contain several addresses separated by commas. @returns each address once, with
 * the index of its entry
 */
export function splitAddresses(entries: readonly string[]): readonly { readonly uri: string; readonly from: number }[] {
  const all = entries.flatMap((entry, from) => entry.split(',').map((uri) => ({ uri: uri.trim(), from })));
  const seen = new Set<string>();
  return all.filter(({ uri }) => uri !== '' && !seen.has(uri) && seen.add(uri));
}
