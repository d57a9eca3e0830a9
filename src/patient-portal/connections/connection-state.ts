import type { Messages } from '../../i18n/index.ts';
import { type ActiveAccess, REVOKED_BY_APP_REASON } from '../../oauth/index.ts';
import type { ConnectionRow } from './store.ts';

/** State of a connection. Each value is a key of the message catalogue. */
export type ConnectionState = keyof Messages['account']['connections']['states'];

export interface ConnectionStateInput {
  readonly grant: ConnectionRow;
  /** undefined when the grant has no valid token. */
  readonly live: ActiveAccess | undefined;
  /** Whether the practice has its API on. */
  readonly apiEnabled: boolean;
  readonly provisionalApps: 'sandbox' | 'inactive';
  readonly now: Date;
}

/** Returns the first reason that keeps the app out, starting with the ones that are hardest to undo. */
export function getConnectionState(input: ConnectionStateInput): ConnectionState {
  const { grant, live, apiEnabled, now } = input;
  if (grant.revoked_at !== null) return stateAfterRevocation(grant.ended_by);
  if (grant.revoked_for !== null && live === undefined) return stateAfterFamilyRevocation(grant.revoked_for);
  if (grant.family_ends !== null && grant.family_ends <= now && live === undefined) return 'over';
  if (grant.app_state === 'retired' || grant.app_state === 'rejected') return 'gone';
  if (!isAppUsable(input)) return 'paused';
  if (live === undefined) return 'lapsed';
  return apiEnabled ? 'active' : 'closed';
}

function isAppUsable({ grant, provisionalApps }: ConnectionStateInput): boolean {
  const { app_state: state } = grant;
  return state === 'active' || (state === 'provisional' && provisionalApps === 'sandbox');
}

function stateAfterRevocation(actor: string | null): ConnectionState {
  if (actor === 'patient' || actor === 'staff' || actor === 'app') return `ended-${actor}`;
  return 'ended';
}

function stateAfterFamilyRevocation(reason: string): ConnectionState {
  if (reason === REVOKED_BY_APP_REASON) return 'ended-app';
  if (reason === REVOKED_BY_PATIENT) return 'ended-patient';
  return 'safety';
}

/** Reason stored with a token family that its patient ended on this page. */
export const REVOKED_BY_PATIENT = 'ended by the patient';

/** Whether the app can read, or could again without a new consent, so that there is something to disconnect. */
export const isConnected = (state: ConnectionState): boolean => ['active', 'closed', 'paused'].includes(state);

/** When access ended; undefined if it hasn't or the time isn't known. */
export function endedAt(grant: ConnectionRow, state: ConnectionState): Date | undefined {
  if (grant.revoked_at !== null) return grant.revoked_at;
  if (state === 'over') return grant.family_ends ?? undefined;
  return state === 'lapsed' ? undefined : (grant.family_revoked_at ?? undefined);
}
