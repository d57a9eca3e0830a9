import { getDomain } from 'tldts';
import { isTrustedHost } from '../../config/index.ts';
import { FetchFault, safeFetch } from '../../oauth/index.ts';
import { type AppTerms, isLoopback, keySetFault, type Organisation, redirectFault } from '../../registry/index.ts';
import type { FaultAnswer } from '../contract/faults.ts';
import type { CheckAnswer } from '../contract/review.ts';
import { fetchFaultAnswer } from '../fetch-fault.ts';

export interface CheckDeps {
  /** Hosts that may be reached over http and at private addresses. */
  readonly trustedJwksHosts: readonly string[];
}

/**
 * Runs the checks that an administrator would make before a decision. Addresses are fetched from the
 * public network, as anyone could.
 */
export async function checkVersion(
  deps: CheckDeps,
  terms: AppTerms,
  organisation: Pick<Organisation, 'domain'> | undefined,
): Promise<readonly CheckAnswer[]> {
  const fetched = [
    checkPage(deps, 'policy', policyOf(terms)),
    checkPage(deps, 'website', websiteOf(terms)),
    checkKeys(deps, terms),
  ];
  return [
    ...domainChecks(terms, organisation?.domain),
    ...redirectChecks(terms),
    ...(await Promise.all(fetched)).flat(),
  ];
}

type Answer = (
  finding: CheckAnswer['finding'],
  ok: CheckAnswer['ok'],
  message: string,
  more?: Pick<CheckAnswer, 'fault' | 'domains'>,
) => CheckAnswer;
const about =
  (check: CheckAnswer['check'], address: string): Answer =>
  (finding, ok, message, more = {}) => ({ check, about: address, ok, finding, message, ...more });

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const policyOf = ({ metadata }: AppTerms): string => textOf(metadata['policy_uri']);
const websiteOf = ({ metadata }: AppTerms): string => textOf(metadata['client_uri']);

/** Checks whether the app's addresses are under the domain that the developer's email address proved. */
function domainChecks(terms: AppTerms, domain: string | undefined): readonly CheckAnswer[] {
  const { redirectUris, launchUri, jwksUri } = terms;
  const addresses = [...redirectUris, launchUri ?? '', jwksUri ?? '', policyOf(terms), websiteOf(terms)];
  const web = addresses.filter((address) => /^https?:/i.test(address) && !isLoopback(address));
  return [...new Set(web)].map((address) => domainCheck(about('domain', address), address, domain));
}

function domainCheck(answer: Answer, address: string, domain: string | undefined): CheckAnswer {
  if (domain === undefined) {
    return answer(
      'no-domain',
      null,
      'The organization has no domain of its own: who it is has to be made sure of in another way.',
    );
  }
  const domains = { its: registrable(address), ofOrganisation: registrable(`https://${domain}`) };
  const { its, ofOrganisation } = domains;
  return its === ofOrganisation
    ? answer('same-domain', true, `It is under ${its}, as the mail addresses of the organization are.`, { domains })
    : answer(
        'other-domain',
        null,
        `It is under ${its}, and the organization is ${ofOrganisation}: find out whether both are the same developer’s.`,
        { domains },
      );
}

/** Under a public suffix on which anyone can register a name (github.io), each name counts as a separate domain. */
const registrable = (address: string): string =>
  getDomain(address, { allowPrivateDomains: true }) ?? new URL(address).hostname;

function redirectChecks({ redirectUris }: AppTerms): readonly CheckAnswer[] {
  return redirectUris.map((uri) => {
    const answer = about('redirect', uri);
    const issue = redirectFault(uri);
    if (issue !== undefined) return answer('rules-broken', false, issue.message, { fault: issue });
    if (isLoopback(uri)) {
      return answer('loopback', null, 'It leads to the patient’s own computer: any program there may listen.');
    }
    return /^https:/i.test(uri)
      ? answer('rules-kept', true, 'It is one exact https address.')
      : answer(
          'own-scheme',
          null,
          'It is a scheme of the app’s own: another app on the phone may claim it too (RFC 8252 §8.6).',
        );
  });
}

async function checkPage(
  deps: CheckDeps,
  check: 'policy' | 'website',
  address: string,
): Promise<readonly CheckAnswer[]> {
  const answer = about(check, address);
  if (address === '') return [answer('not-given', null, 'The developer gave none.')];
  if (!URL.canParse(address)) {
    const issue = { code: 'address-not-absolute', message: 'It is no address.', values: { address } } as const;
    return [answer('does-not-answer', false, issue.message, { fault: issue })];
  }
  const url = new URL(address);
  try {
    await safeFetch(url, { trusted: isTrustedHost(url, deps.trustedJwksHosts), accept: PAGE, unread: true });
    return [answer('answers', true, 'It answers.')];
  } catch (error) {
    return [answered(answer, error)];
  }
}

const PAGE = 'text/html, */*;q=0.5';

/**
 * A certificate that isn't trusted, a redirect or a slow response may still work in a browser, so an
 * administrator has to check it.
 */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/;
const isForPerson = ({ code, values }: FetchFault): boolean =>
  code === 'fetch-redirects' || code === 'fetch-too-slow' || CERTIFICATE.test(values['reason'] ?? '');

function answered(answer: Answer, error: unknown): CheckAnswer {
  if (!(error instanceof FetchFault)) throw error;
  const issue = fetchFaultAnswer(error);
  return isForPerson(error)
    ? answer('cannot-tell', null, `${issue.message} Open it yourself.`, { fault: issue })
    : answer('does-not-answer', false, issue.message, { fault: issue });
}

async function checkKeys(deps: CheckDeps, { auth, jwks, jwksUri }: AppTerms): Promise<readonly CheckAnswer[]> {
  if (auth !== 'private_key_jwt') return [];
  const answer = about('keys', jwksUri ?? '');
  try {
    return [keyAnswer(answer, jwksUri === undefined ? jwks : await fetchKeys(deps, jwksUri))];
  } catch (error) {
    return [error instanceof SyntaxError ? unusable(answer, NO_JSON) : answered(answer, error)];
  }
}

async function fetchKeys(deps: CheckDeps, address: string): Promise<unknown> {
  const url = new URL(address);
  return JSON.parse((await safeFetch(url, { trusted: isTrustedHost(url, deps.trustedJwksHosts) })).text);
}

function keyAnswer(answer: Answer, jwks: unknown): CheckAnswer {
  const issue = keySetFault(jwks);
  return issue === undefined ? answer('keys-usable', true, 'There is a key that can sign.') : unusable(answer, issue);
}

const NO_JSON: FaultAnswer = { code: 'fetch-no-json', message: 'What is there is no JSON.' };

const unusable = (answer: Answer, issue: FaultAnswer): CheckAnswer =>
  answer('keys-unusable', false, issue.message, { fault: issue });
