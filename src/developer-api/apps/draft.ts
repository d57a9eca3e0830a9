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
    category: terms.category,
    initiateLoginUri: metadataText(terms, 'initiate_login_uri'),
  };
}

const metadataText = ({ metadata }: AppTerms, member: string): string =>
  typeof metadata[member] === 'string' ? metadata[member] : '';

/**
 * Terms of an app that its developer can't change: the organization, the practices of a backend
 * app, and permissions that an operator gave.
 */
export type OperatorTerms = Pick<
  AppTerms,
  'practiceIds' | 'secretInQuery' | 'idTokenAlg' | 'mayIntrospect' | 'developer' | 'verifiedAt' | 'metadata'
>;

/**
 * Converts the draft that a developer edited to the terms of an app.
 * @param given terms of the existing or new app that the draft doesn't contain
 */
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
    // An app that doesn't authenticate must not introspect tokens. It therefore loses a permission
    // that an operator gave it.
    mayIntrospect: described.mayIntrospect && auth !== 'none',
  };
}

/**
 * Returns only the terms that the draft doesn't contain. The given object may be a whole `App`,
 * whose other members must not replace those of the draft.
 */
const pickOperatorTerms = (given: Partial<OperatorTerms>): Partial<OperatorTerms> => {
  const { practiceIds, secretInQuery, idTokenAlg, mayIntrospect, developer, verifiedAt } = given;
  const all = { practiceIds, secretInQuery, idTokenAlg, mayIntrospect, developer, verifiedAt };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
};

const normalizeSpaces = (scope: string): string => scope.split(/\s+/).filter(Boolean).join(' ');

/**
 * Returns the app's metadata under the names of RFC 7591 §2 and OpenID Connect Registration 1.0 §2. The web addresses are those of the
 * draft, and all other metadata stays unchanged.
 */
function toMetadata(draft: AppDraft, current: AppTerms['metadata']): AppTerms['metadata'] {
  const { website, policyUri, termsUri, initiateLoginUri = '' } = draft;
  const { client_uri: _website, policy_uri: _policy, tos_uri: _terms, initiate_login_uri: _start, ...others } = current;
  const addresses = {
    client_uri: website,
    policy_uri: policyUri,
    tos_uri: termsUri,
    initiate_login_uri: initiateLoginUri,
  };
  const given = Object.entries(addresses).filter(([, address]) => address.trim() !== '');
  return { ...others, ...Object.fromEntries(given.map(([member, address]) => [member, normalizeUrl(address)])) };
}

/** Normalizes a URL as a browser does. Returns text that isn't a URL without surrounding spaces. */
const normalizeUrl = (address: string): string => (URL.canParse(address) ? new URL(address).href : address.trim());

/**
 * Splits entries that contain several redirect URIs separated by commas.
 * @returns each redirect URI once, with the index of its entry
 */
export function splitAddresses(entries: readonly string[]): readonly { readonly uri: string; readonly from: number }[] {
  const all = entries.flatMap((entry, from) => entry.split(',').map((uri) => ({ uri: uri.trim(), from })));
  const seen = new Set<string>();
  return all.filter(({ uri }) => uri !== '' && !seen.has(uri) && seen.add(uri));
}
