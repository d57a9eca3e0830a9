import { type Clock, minutes, networkOf, Problem } from '../../kernel/index.ts';
import { rateLimit } from '../client/rate-limit.ts';
import type { OAuthAudit, OAuthAuditEvent } from '../ports.ts';
import type { Subject } from './good.ts';

/** Failed requests per minute and network whose sender has not authenticated. */
const MOST_FAILURES = 600;
/** An address forwarded by a proxy may be any text. */
const LONGEST_NETWORK = 64;
/**
 * Maximum number of failure kinds counted separately at a time. All others are counted together, so a flood from many
 * networks can't grow the memory.
 */
const MOST_KINDS = 1000;

/** Grant or client of the request, as far as known. */
type Whose = { readonly [Name in keyof Subject]?: Subject[Name] | undefined };

/** A failed request whose sender has not authenticated. */
export interface UnprovedRequest {
  readonly kind: 'token' | 'revocation';
  readonly address: string;
  readonly requestId: string;
}

export interface UnprovedFailures {
  /** Throws `too-many-attempts` when this network has failed too often in the current minute. */
  requireRoom(request: UnprovedRequest): Promise<void>;
  /**
   * When this resolves, the first failure of its kind in the current minute is in the audit log. Further ones are
   * counted.
   */
  record(request: UnprovedRequest, problem: string, subject: Whose): Promise<void>;
  /** Writes the counts of past minutes to the audit log. When the process ends, also that of the current minute. */
  flush(ending?: 'ending'): Promise<void>;
}

interface Counted {
  readonly minute: number;
  readonly event: OAuthAuditEvent;
  /** Failures after the first one. */
  more: number;
}

/**
 * Anyone can cause these failures, and the audit log is never deleted. For each minute, network, client and reason it
 * therefore gets the first failure, and one row with the number of further ones. The activity log of the developer
 * lists them individually.
 */
export function openUnprovedFailures({ clock, audit }: { clock: Clock; audit: OAuthAudit }): UnprovedFailures {
  const limit = rateLimit(clock, { most: MOST_FAILURES, within: minutes(1) });
  const counted = new Map<string, Counted>();
  const thisMinute = (): number => Math.floor(clock.now().getTime() / minutes(1));

  async function count({ kind, requestId }: UnprovedRequest, problem: string, about: About): Promise<void> {
    const minute = thisMinute();
    const keyOf = ({ subject, network }: About) =>
      [minute, kind, problem, network, subject.clientId, subject.grantId].join(' ');
    const bucket = counted.has(keyOf(about)) || counted.size < MOST_KINDS ? about : { subject: {}, network: 'others' };
    const key = keyOf(bucket);
    const counter = counted.get(key);
    if (counter !== undefined) {
      counter.more += 1;
      return;
    }
    const detail = { problem, network: bucket.network };
    const event = { kind, outcome: 'failure', requestId, ...bucket.subject, detail } as const;
    counted.set(key, { minute, event, more: 0 });
    await audit.record(event).catch((error) => {
      // The next failure is then recorded as the first.
      counted.delete(key);
      throw error;
    });
  }

  async function write(key: string, one: Counted): Promise<void> {
    counted.delete(key);
    if (one.more === 0) return;
    const { event, minute, more } = one;
    const since = new Date(minute * minutes(1)).toISOString();
    await audit.record({ ...event, detail: { ...event.detail, more, since } }).catch((error) => {
      counted.set(key, one);
      throw error;
    });
  }

  return {
    async requireRoom(request) {
      const network = ownNetwork(request);
      const retryAfter = limit.wait(network);
      if (retryAfter === undefined) return;
      await count(request, 'too-many-attempts', { subject: {}, network });
      const message = `There were too many failed requests from here. Wait ${retryAfter} s.`;
      throw new Problem('too-many-attempts', { status: 429, message, retryAfter });
    },

    async record(request, problem, subject) {
      const network = ownNetwork(request);
      limit.count(network);
      await count(request, problem, { subject, network });
    },

    async flush(ending) {
      const now = thisMinute();
      const due = [...counted].filter(([, { minute }]) => minute !== now || ending !== undefined);
      await Promise.all(due.map(([key, one]) => write(key, one)));
    },
  };
}

const ownNetwork = ({ address }: UnprovedRequest): string => networkOf(address).slice(0, LONGEST_NETWORK);

interface About {
  readonly subject: Whose;
  readonly network: string;
}
