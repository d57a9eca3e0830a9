import { isTrustedHost } from '../../config/index.ts';
import { minutes, Problem } from '../../kernel/index.ts';
import { FetchFault, type RateLimit, rateLimit, safeFetch } from '../../oauth/index.ts';
import { keySetFault, usableKeys } from '../../registry/index.ts';
import type { AddressCheck, AddressToCheck } from '../contract/apps.ts';
import type { FaultAnswer } from '../contract/faults.ts';
import type { PortalDeps } from '../deps.ts';
import { fetchFaultAnswer } from '../fetch-fault.ts';

/** Addresses are checked while a developer types, and the server fetches each of them. */
const MOST = { most: 40, within: minutes(10) };

const PAGE = { trusted: false, accept: 'text/html, */*;q=0.8', unread: true } as const;

export interface AddressChecks {
  /** Fetches an address and reports the result. Throws `too-many-attempts`. @param caller key of the rate limit */
  check(caller: string, wanted: AddressToCheck): Promise<AddressCheck>;
}

/**
 * Creates the check of addresses that a developer entered. It fetches over https, from public networks
 * only, and reads no more than necessary.
 */
export function openAddressChecks({
  clock,
  trustedJwksHosts,
}: Pick<PortalDeps, 'clock' | 'trustedJwksHosts'>): AddressChecks {
  const limit = rateLimit(clock, MOST);
  return {
    async check(caller, { kind, uri }) {
      countAgainst(limit, caller);
      const url = URL.canParse(uri) ? new URL(uri) : undefined;
      if (url === undefined || url.username !== '' || url.password !== '') return NO_ADDRESS;
      const isKeys = kind === 'jwks';
      try {
        const trusted = isKeys && isTrustedHost(url, trustedJwksHosts);
        const { text } = await safeFetch(url, isKeys ? { trusted } : PAGE);
        return isKeys ? keysFound(text) : reached(url.host);
      } catch (error) {
        if (error instanceof FetchFault) return notReached(error);
        throw error;
      }
    },
  };
}

const NO_ADDRESS: AddressCheck = {
  ok: false,
  finding: 'no-address',
  message: 'Write a whole address that begins with https://.',
};

const reached = (host: string): AddressCheck => ({
  ok: true,
  finding: 'reached',
  host,
  message: `Reached at ${host}.`,
});

function notReached(issue: FetchFault): AddressCheck {
  return {
    ok: false,
    finding: 'not-reached',
    fault: fetchFaultAnswer(issue),
    message: `It could not be read: ${issue.message}.`,
  };
}

function countAgainst(limit: RateLimit, caller: string): void {
  const wait = limit.wait(caller);
  limit.count(caller);
  if (wait === undefined) return;
  const message = `Too many addresses were looked at. Try again in ${Math.ceil(wait / 60)} min; you can go on without it.`;
  throw new Problem('too-many-attempts', { status: 429, message, retryAfter: wait });
}

function keysFound(text: string): AddressCheck {
  const jwks = parsed(text);
  if (jwks === undefined) return unusable({ code: 'fetch-no-json', message: 'What is there is no JSON.' });
  const issue = keySetFault(jwks);
  if (issue !== undefined) return unusable(issue);
  const keys = usableKeys(jwks);
  const many = keys === 1 ? 'One key there can be used.' : `${keys} keys there can be used.`;
  return { ok: true, finding: 'keys-usable', keys, message: `Reached. ${many}` };
}

const unusable = (issue: FaultAnswer): AddressCheck => ({
  ok: false,
  finding: 'keys-unusable',
  fault: issue,
  message: `Reached, but the keys can’t be used. ${issue.message}`,
});

/** `null` is valid JSON but not a key set, so undefined stands for invalid JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
