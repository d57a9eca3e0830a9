import { type Clock, clientNetwork, minutes, Problem } from '../../kernel/index.ts';
import { createMemoryCounts, type RateLimit } from '../../rate-limit/index.ts';
import type { OAuthAudit, OAuthAuditEvent } from '../ports.ts';
import type { TokenSubject } from './active-token.ts';

/** Maximum number of failed requests per minute from one network. Requests of authenticated clients don't count. */
const FAILURE_LIMIT: RateLimit = { max: 600, window: minutes(1) };
/** Maximum length of a network address in characters. A proxy may forward any text as the address. */
const MAX_NETWORK_LENGTH = 64;
/**
 * Maximum number of counters in memory. There is one for each minute, kind of request, error, network, client and
 * grant. Above the maximum, failures that would need another counter share one for each kind of request and error, so
 * that a flood from many networks can't use up the memory.
 */
const MAX_FAILURE_KINDS = 1000;

/** Grant, app, account and record that a failed request is about, as far as they are known. */
type FailureSubject = { readonly [Name in keyof TokenSubject]?: TokenSubject[Name] | undefined };

/** A failed request whose sender has not authenticated. */
export interface UnauthenticatedRequest {
  readonly kind: 'token' | 'revocation';
  readonly address: string;
  readonly requestId: string;
}

export interface UnauthenticatedFailures {
  /** Throws `too-many-attempts` if the network of this request has failed too often in the current minute. */
  requireBelowLimit(request: UnauthenticatedRequest): Promise<void>;
  /**
   * Records a failed request. Failures in one minute are of the same kind if they have the same endpoint, error,
   * network, client and grant. The first failure of a kind is written to the audit log before the promise resolves.
   * Further ones are only counted, and `flush` writes their number.
   */
  record(request: UnauthenticatedRequest, problem: string, subject: FailureSubject): Promise<void>;
  /**
   * Writes to the audit log, for each past minute, how many failures of each kind followed the first one.
   * @param ending set when the process ends, so that the counts of the current minute are written too
   */
  flush(ending?: 'ending'): Promise<void>;
}

interface FailureCount {
  readonly minute: number;
  readonly event: OAuthAuditEvent;
  /** Number of failures after the first one, which is already in the audit log. */
  more: number;
}

/**
 * Creates the counter of failed requests. Anyone can cause failures, and rows of the audit log are never deleted. For
 * each minute, network, client and error, the audit log therefore gets only two rows: the first failure, and the number
 * of further failures. The activity log of the app lists each failure until the network exceeds its limit.
 */
export function createUnauthenticatedFailures({
  clock,
  audit,
}: {
  clock: Clock;
  audit: OAuthAudit;
}): UnauthenticatedFailures {
  const failures = createMemoryCounts(clock, FAILURE_LIMIT);
  const counted = new Map<string, FailureCount>();
  const thisMinute = (): number => Math.floor(clock.now().getTime() / minutes(1));

  async function count({ kind, requestId }: UnauthenticatedRequest, problem: string, about: FailureKey): Promise<void> {
    const minute = thisMinute();
    const keyOf = ({ subject, network }: FailureKey) =>
      [minute, kind, problem, network, subject.clientId, subject.grantId].join(' ');
    const bucket =
      counted.has(keyOf(about)) || counted.size < MAX_FAILURE_KINDS ? about : { subject: {}, network: 'others' };
    const key = keyOf(bucket);
    const counter = counted.get(key);
    if (counter !== undefined) {
      counter.more += 1;
      return;
    }
    const detail = { problem, network: bucket.network };
    const event = { kind, outcome: 'failure', requestId, ...bucket.subject, detail } as const;
    counted.set(key, { minute, event, more: 0 });
    await audit.append(event).catch((error) => {
      // The audit log didn't store this first failure. Without a counter, the next failure is written as the first one.
      counted.delete(key);
      throw error;
    });
  }

  async function write(key: string, one: FailureCount): Promise<void> {
    counted.delete(key);
    if (one.more === 0) return;
    const { event, minute, more } = one;
    const since = new Date(minute * minutes(1)).toISOString();
    await audit.append({ ...event, detail: { ...event.detail, more, since } }).catch((error) => {
      counted.set(key, one);
      throw error;
    });
  }

  return {
    async requireBelowLimit(request) {
      const network = networkKey(request);
      const retryAfter = failures.check(network)?.retryAfter;
      if (retryAfter === undefined) return;
      await count(request, 'too-many-attempts', { subject: {}, network });
      const message = `Too many failed requests from this network. Try again in ${retryAfter} s.`;
      throw new Problem('too-many-attempts', { status: 429, message, retryAfter });
    },

    async record(request, problem, subject) {
      const network = networkKey(request);
      failures.count(network);
      await count(request, problem, { subject, network });
    },

    async flush(ending) {
      const now = thisMinute();
      const due = [...counted].filter(([, { minute }]) => minute !== now || ending !== undefined);
      await Promise.all(due.map(([key, one]) => write(key, one)));
    },
  };
}

const networkKey = ({ address }: UnauthenticatedRequest): string => clientNetwork(address).slice(0, MAX_NETWORK_LENGTH);

interface FailureKey {
  readonly subject: FailureSubject;
  readonly network: string;
}
