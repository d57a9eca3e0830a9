import { checkKeySet, countUsableKeys } from '../../apps/index.ts';
import { isTrustedHost } from '../../config/index.ts';
import { englishPlural } from '../../i18n/index.ts';
import { minutes, Problem, tryParseJson } from '../../kernel/index.ts';
import { FetchError, safeFetch } from '../../oauth/index.ts';
import {
  type AddressCheckRequest,
  type AddressCheckResponse,
  type IssueResponse,
  toFetchIssue,
} from '../../portal-api/index.ts';
import { createMemoryCounts, type MemoryCounts, type RateLimit } from '../../rate-limit/index.ts';
import type { SubmissionDeps } from '../deps.ts';

/** Limits how often addresses are checked, because the server fetches an address each time a developer types one. */
const CHECK_LIMIT: RateLimit = { max: 40, window: minutes(10) };

const PAGE = { trusted: false, accept: 'text/html, */*;q=0.8', unread: true } as const;

export interface AddressChecker {
  /**
   * Fetches an address and reports the result. Throws `too-many-attempts` if the caller has used up
   * the rate limit.
   * @param caller key of the rate limit, such as an account
   */
  check(caller: string, wanted: AddressCheckRequest): Promise<AddressCheckResponse>;
}

/**
 * Creates the check of addresses that developers enter for their apps. It fetches an address over
 * https, from public networks only, and reads no more of the response than necessary.
 */
export function createAddressChecker({
  clock,
  trustedJwksHosts,
}: Pick<SubmissionDeps, 'clock' | 'trustedJwksHosts'>): AddressChecker {
  const checks = createMemoryCounts(clock, CHECK_LIMIT);
  return {
    async check(caller, { kind, uri }) {
      countCheck(checks, caller);
      const url = URL.canParse(uri) ? new URL(uri) : undefined;
      if (url === undefined || url.username !== '' || url.password !== '') return NO_ADDRESS;
      const isKeys = kind === 'jwks';
      try {
        const trusted = isKeys && isTrustedHost(url, trustedJwksHosts);
        const { text } = await safeFetch(url, isKeys ? { trusted } : PAGE);
        return isKeys ? checkFetchedKeys(text) : toReached(url.host);
      } catch (error) {
        if (error instanceof FetchError) return toNotReached(error);
        throw error;
      }
    },
  };
}

const NO_ADDRESS: AddressCheckResponse = {
  ok: false,
  finding: 'no-address',
  message: 'Enter a full URL that starts with https://.',
};

const toReached = (host: string): AddressCheckResponse => ({
  ok: true,
  finding: 'reached',
  host,
  message: `We reached ${host}.`,
});

function toNotReached(issue: FetchError): AddressCheckResponse {
  const fault = toFetchIssue(issue);
  return { ok: false, finding: 'not-reached', fault, message: `We couldn’t read this URL. ${fault.message}` };
}

function countCheck(checks: MemoryCounts, caller: string): void {
  const retryAfter = checks.count(caller)?.retryAfter;
  if (retryAfter === undefined) return;
  const message = `Too many URL checks. Try again in ${Math.ceil(retryAfter / 60)} min, or continue without the check.`;
  throw new Problem('too-many-attempts', { status: 429, message, retryAfter });
}

function checkFetchedKeys(text: string): AddressCheckResponse {
  const jwks = tryParseJson(text);
  if (jwks === undefined) return toUnusable({ code: 'fetch-no-json', message: 'The response isn’t valid JSON.' });
  const issue = checkKeySet(jwks);
  if (issue !== undefined) return toUnusable(issue);
  const keys = countUsableKeys(jwks);
  const usable = englishPlural(keys, { one: 'It has 1 usable key.', other: `It has ${keys} usable keys.` });
  return { ok: true, finding: 'keys-usable', keys, message: `We reached the URL. ${usable}` };
}

const toUnusable = (issue: IssueResponse): AddressCheckResponse => ({
  ok: false,
  finding: 'keys-unusable',
  fault: issue,
  message: `We reached the URL, but its keys can’t be used. ${issue.message}`,
});
