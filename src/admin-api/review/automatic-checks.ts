import { getDomain } from 'tldts';
import { checkKeySet, checkRedirectUri, isLoopback, type Organisation } from '../../apps/index.ts';
import { isTrustedHost } from '../../config/index.ts';
import type { AppTerms } from '../../domain/index.ts';
import { FetchError, safeFetch } from '../../oauth/index.ts';
import { type IssueResponse, type ReviewCheckResponse, toFetchIssue } from '../../portal-api/index.ts';

export interface AutomaticCheckDeps {
  /** Hosts of key sets that the server may fetch over http and at private addresses. */
  readonly trustedJwksHosts: readonly string[];
}

/**
 * Runs the checks that an administrator would otherwise make by hand before a decision about a
 * version. Addresses are fetched from the public network, except for key sets on trusted hosts.
 */
export async function checkVersion(
  deps: AutomaticCheckDeps,
  terms: AppTerms,
  organisation: Pick<Organisation, 'domain'> | undefined,
): Promise<readonly ReviewCheckResponse[]> {
  const fetched = [
    checkPage(deps, 'policy', policyAddress(terms)),
    checkPage(deps, 'website', websiteAddress(terms)),
    checkKeys(deps, terms),
  ];
  return [
    ...domainChecks(terms, organisation?.domain),
    ...redirectChecks(terms),
    ...(await Promise.all(fetched)).flat(),
  ];
}

type CreateCheckResult = (
  finding: ReviewCheckResponse['finding'],
  ok: ReviewCheckResponse['ok'],
  message: string,
  more?: Pick<ReviewCheckResponse, 'fault' | 'domains'>,
) => ReviewCheckResponse;
const checkResultFor =
  (check: ReviewCheckResponse['check'], address: string): CreateCheckResult =>
  (finding, ok, message, more = {}) => ({ check, about: address, ok, finding, message, ...more });

const textOrEmpty = (value: unknown): string => (typeof value === 'string' ? value : '');
const policyAddress = ({ metadata }: AppTerms): string => textOrEmpty(metadata['policy_uri']);
const startAddress = ({ metadata }: AppTerms): string => textOrEmpty(metadata['initiate_login_uri']);
const websiteAddress = ({ metadata }: AppTerms): string => textOrEmpty(metadata['client_uri']);

/** Checks whether the web addresses of an app are under the domain of the developer's confirmed email address. */
function domainChecks(terms: AppTerms, domain: string | undefined): readonly ReviewCheckResponse[] {
  const { redirectUris, launchUri, jwksUri } = terms;
  const pages = [policyAddress(terms), websiteAddress(terms), startAddress(terms)];
  const addresses = [...redirectUris, launchUri ?? '', jwksUri ?? '', ...pages];
  const web = addresses.filter((address) => /^https?:/i.test(address) && !isLoopback(address));
  return [...new Set(web)].map((address) => domainCheck(checkResultFor('domain', address), address, domain));
}

function domainCheck(answer: CreateCheckResult, address: string, domain: string | undefined): ReviewCheckResponse {
  if (domain === undefined) {
    return answer('no-domain', null, 'The organization has no domain of its own. Verify its identity in another way.');
  }
  const domains = { its: registrableDomain(address), ofOrganisation: registrableDomain(`https://${domain}`) };
  const { its, ofOrganisation } = domains;
  return its === ofOrganisation
    ? answer('same-domain', true, `The URL is under ${its}, the organization’s email domain.`, { domains })
    : answer(
        'other-domain',
        null,
        `The URL is under ${its}, but the organization’s email domain is ${ofOrganisation}. Check that both belong to the same developer.`,
        { domains },
      );
}

/**
 * Returns the domain that was registered for a web address. Under a public suffix where anyone can
 * register a name (github.io), each name counts as a separate domain.
 */
const registrableDomain = (address: string): string =>
  getDomain(address, { allowPrivateDomains: true }) ?? new URL(address).hostname;

function redirectChecks({ redirectUris }: AppTerms): readonly ReviewCheckResponse[] {
  return redirectUris.map((uri) => {
    const answer = checkResultFor('redirect', uri);
    const issue = checkRedirectUri(uri);
    if (issue !== undefined) return answer('rules-broken', false, issue.message, { fault: issue });
    if (isLoopback(uri)) {
      return answer(
        'loopback',
        null,
        'The redirect URI leads to the patient’s own computer, where any program can listen.',
      );
    }
    return /^https:/i.test(uri)
      ? answer('rules-kept', true, 'Exact https URL.')
      : answer(
          'own-scheme',
          null,
          'The redirect URI uses a custom scheme. Another app on the phone could claim it too (RFC 8252 §8.6).',
        );
  });
}

async function checkPage(
  deps: AutomaticCheckDeps,
  check: 'policy' | 'website',
  address: string,
): Promise<readonly ReviewCheckResponse[]> {
  const answer = checkResultFor(check, address);
  if (address === '') return [answer('not-given', null, 'The developer didn’t provide one.')];
  if (!URL.canParse(address)) {
    const issue = { code: 'address-not-absolute', message: 'The URL isn’t valid.', values: { address } } as const;
    return [answer('does-not-answer', false, issue.message, { fault: issue })];
  }
  const url = new URL(address);
  try {
    await safeFetch(url, { trusted: isTrustedHost(url, deps.trustedJwksHosts), accept: PAGE, unread: true });
    return [answer('answers', true, 'The page responds.')];
  } catch (error) {
    return [fetchErrorResult(answer, error)];
  }
}

const PAGE = 'text/html, */*;q=0.5';

/**
 * An address with an untrusted certificate, a redirect or a slow response may still work in a
 * browser, so an administrator has to check the address by hand.
 */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/;
const needsManualCheck = ({ code, values }: FetchError): boolean =>
  code === 'fetch-redirects' || code === 'fetch-too-slow' || CERTIFICATE.test(values['reason'] ?? '');

function fetchErrorResult(answer: CreateCheckResult, error: unknown): ReviewCheckResponse {
  if (!(error instanceof FetchError)) throw error;
  const issue = toFetchIssue(error);
  return needsManualCheck(error)
    ? answer('cannot-tell', null, `${issue.message} Open it yourself.`, { fault: issue })
    : answer('does-not-answer', false, issue.message, { fault: issue });
}

async function checkKeys(
  deps: AutomaticCheckDeps,
  { auth, jwks, jwksUri }: AppTerms,
): Promise<readonly ReviewCheckResponse[]> {
  if (auth !== 'private_key_jwt') return [];
  const answer = checkResultFor('keys', jwksUri ?? '');
  try {
    return [keySetResult(answer, jwksUri === undefined ? jwks : await fetchKeys(deps, jwksUri))];
  } catch (error) {
    return [error instanceof SyntaxError ? unusableKeysResult(answer, NOT_JSON) : fetchErrorResult(answer, error)];
  }
}

async function fetchKeys(deps: AutomaticCheckDeps, address: string): Promise<unknown> {
  const url = new URL(address);
  return JSON.parse((await safeFetch(url, { trusted: isTrustedHost(url, deps.trustedJwksHosts) })).text);
}

function keySetResult(answer: CreateCheckResult, jwks: unknown): ReviewCheckResponse {
  const issue = checkKeySet(jwks);
  return issue === undefined
    ? answer('keys-usable', true, 'At least one key can be used for signing.')
    : unusableKeysResult(answer, issue);
}

const NOT_JSON: IssueResponse = { code: 'fetch-no-json', message: 'The key set isn’t valid JSON.' };

const unusableKeysResult = (answer: CreateCheckResult, issue: IssueResponse): ReviewCheckResponse =>
  answer('keys-unusable', false, issue.message, { fault: issue });
