import { type Clock, minutes, networkOf, Problem } from '../../kernel/index.ts';
import { rateLimit } from '../client/rate-limit.ts';
import type { OAuthAudit, OAuthAuditEvent } from '../ports.ts';
import type { Subject } from './good.ts';

/** Failed requests from one network in a minute whose sender has not shown who it is. */
const MOST_FAILURES = 600;
/** What a proxy forwards as an address may be any text. */
const LONGEST_NETWORK = 64;
/** Different failures that are told apart at a time. All others are counted together, so a flood of networks is bounded. */
const MOST_KINDS = 1000;

/** Whose token was sent, or which client was claimed, where that is known. */
type Whose = { readonly [Name in keyof Subject]?: Subject[Name] | undefined };

/** A request that failed, and whose sender has not shown who it is. */
export interface UnprovedRequest {
  readonly kind: 'token' | 'revocation';
  readonly address: string;
  readonly requestId: string;
}

export interface UnprovedFailures {
  /** Throws `too-many-attempts` where this network has failed too often in this minute. */
  requireRoom(request: UnprovedRequest): Promise<void>;
  /** The first failure of its kind in a minute is in the audit log when this resolves; the others are counted. */
  record(request: UnprovedRequest, problem: string, subject: Whose): Promise<void>;
  /** Writes what was counted in the minutes before this one; when the process ends, in this one too. */
  flush(ending?: 'ending'): Promise<void>;
}

interface Counted {
  readonly minute: number;
  readonly event: OAuthAuditEvent;
  /** Those after the first. */
  more: number;
}

/**
 * Anybody can cause these failures, and the audit log is never deleted: for each minute, network, client and reason it gets
 * the first, and one row that says how many more there were. The developer's own log tells them one by one.
 */
export function openUnprovedFailures({ clock, audit }: { clock: Clock; audit: OAuthAudit }): UnprovedFailures {
  const limit = rateLimit(clock, { most: MOST_FAILURES, within: minutes(1) });
  const counted = new Map<string, Counted>();
  const thisMinute = (): number => Math.floor(clock.now().getTime() / minutes(1));

  async function count({ kind, requestId }: UnprovedRequest, problem: string, about: About): Promise<void> {
    const minute = thisMinute();
    const keyOf = ({ subject, network }: About) =>
      [minute, kind, problem, network, subject.clientId, subject.grantId].join(' ');
    const told = counted.has(keyOf(about)) || counted.size < MOST_KINDS ? about : { subject: {}, network: 'others' };
    const key = keyOf(told);
    const known = counted.get(key);
    if (known !== undefined) {
      known.more += 1;
      return;
    }
    const detail = { problem, network: told.network };
    const event = { kind, outcome: 'failure', requestId, ...told.subject, detail } as const;
    counted.set(key, { minute, event, more: 0 });
    await audit.record(event).catch((error) => {
      // The next one is the first then.
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
