import { type LiveAccess, REVOKED_BY_APP } from '../../oauth/index.ts';
import type { Words } from '../../words/index.ts';
import type { GrantRow } from './store.ts';

/** What has become of what a person allowed; by this name it is told in their words. */
export type ConnectionState = keyof Words['account']['connections']['states'];

export interface StateQuestion {
  readonly grant: GrantRow;
  /** undefined: no token of it is good. */
  readonly live: LiveAccess | undefined;
  /** Whether the practice has its API on. */
  readonly open: boolean;
  readonly provisionalApps: 'sandbox' | 'inactive';
  readonly now: Date;
}

/** The first thing that keeps the app out, in the order in which they are hard to undo. */
export function stateOf(question: StateQuestion): ConnectionState {
  const { grant, live, open, now } = question;
  if (grant.revoked_at !== null) return endedBy(grant.ended_by);
  if (grant.revoked_for !== null && live === undefined) return familyEnded(grant.revoked_for);
  if (grant.family_ends !== null && grant.family_ends <= now && live === undefined) return 'over';
  if (grant.app_state === 'retired' || grant.app_state === 'rejected') return 'gone';
  if (!works(question)) return 'paused';
  if (live === undefined) return 'lapsed';
  return open ? 'active' : 'closed';
}

function works({ grant, provisionalApps }: StateQuestion): boolean {
  const { app_state: state } = grant;
  return state === 'active' || (state === 'provisional' && provisionalApps === 'sandbox');
}

function endedBy(who: string | null): ConnectionState {
  if (who === 'patient' || who === 'staff' || who === 'app') return `ended-${who}`;
  return 'ended';
}

function familyEnded(reason: string): ConnectionState {
  if (reason === REVOKED_BY_APP) return 'ended-app';
  if (reason === ENDED_HERE) return 'ended-patient';
  return 'safety';
}

/** As the oauth room says why a family ended when its patient asked for it. */
export const ENDED_HERE = 'ended by the patient';

/** It reads, or could read again without asking: there is something to disconnect. */
export const isConnected = (state: ConnectionState): boolean => ['active', 'closed', 'paused'].includes(state);

/** When it ended, where that is known. */
export function endedAt(grant: GrantRow, state: ConnectionState): Date | undefined {
  if (grant.revoked_at !== null) return grant.revoked_at;
  if (state === 'over') return grant.family_ends ?? undefined;
  return state === 'lapsed' ? undefined : (grant.family_revoked_at ?? undefined);
}
