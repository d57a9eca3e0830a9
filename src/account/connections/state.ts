import { type LiveAccess, REVOKED_BY_APP } from '../../oauth/index.ts';
import type { Words } from '../../words/index.ts';
import type { GrantRow } from './store.ts';

/** State of a connection. Each value is a key of the message catalogue. */
export type ConnectionState = keyof Words['account']['connections']['states'];

export interface StateQuestion {
  readonly grant: GrantRow;
  /** undefined when the grant has no valid token. */
  readonly live: LiveAccess | undefined;
  /** Whether the practice has its API on. */
  readonly open: boolean;
  readonly provisionalApps: 'sandbox' | 'inactive';
  readonly now: Date;
}

/** Returns the first reason that keeps the app out, starting with the ones that are hardest to undo. */
export function stateOf(input: StateQuestion): ConnectionState {
  const { grant, live, open, now } = input;
  if (grant.revoked_at !== null) return endedBy(grant.ended_by);
  if (grant.revoked_for !== null && live === undefined) return familyEnded(grant.revoked_for);
  if (grant.family_ends !== null && grant.family_ends <= now && live === undefined) return 'over';
  if (grant.app_state === 'retired' || grant.app_state === 'rejected') return 'gone';
  if (!works(input)) return 'paused';
  if (live === undefined) return 'lapsed';
  return open ? 'active' : 'closed';
}

function works({ grant, provisionalApps }: StateQuestion): boolean {
  const { app_state: state } = grant;
  return state === 'active' || (state === 'provisional' && provisionalApps === 'sandbox');
}

function endedBy(actor: string | null): ConnectionState {
  if (actor === 'patient' || actor === 'staff' || actor === 'app') return `ended-${actor}`;
  return 'ended';
}

function familyEnded(reason: string): ConnectionState {
  if (reason === REVOKED_BY_APP) return 'ended-app';
  if (reason === ENDED_HERE) return 'ended-patient';
  return 'safety';
}

/** Reason stored with a token family that its patient ended on this page. */
export const ENDED_HERE = 'ended by the patient';

/** Whether the app can read, or could again without a new consent, so that there is something to disconnect. */
export const isConnected = (state: ConnectionState): boolean => ['active', 'closed', 'paused'].includes(state);

/** When access ended; undefined if it hasn't or the time isn't known. */
export function endedAt(grant: GrantRow, state: ConnectionState): Date | undefined {
  if (grant.revoked_at !== null) return grant.revoked_at;
  if (state === 'over') return grant.family_ends ?? undefined;
  return state === 'lapsed' ? undefined : (grant.family_revoked_at ?? undefined);
}
