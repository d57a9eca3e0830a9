import type { Messages } from '../../i18n/index.ts';
import { type ActiveAccess, REVOKED_BY_APP_REASON } from '../../oauth/index.ts';
import type { ConnectionRow } from './store.ts';

/** State of an app's connection to the record. Each value is a key of the message catalog. */
export type ConnectionState = keyof Messages['patientPortal']['connections']['states'];

export interface ConnectionStateInput {
  readonly grant: ConnectionRow;
  /** Access that the app has now. undefined if the grant has no valid token. */
  readonly live: ActiveAccess | undefined;
  /** Whether the practice has turned its API on. */
  readonly apiEnabled: boolean;
  readonly provisionalApps: 'sandbox' | 'inactive';
  readonly now: Date;
}

/**
 * Returns the state of a connection. If the app can't read for several reasons, returns the one that is hardest to
 * undo.
 */
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

/** Reason that is stored when a patient ends a token family on the page of connected apps. */
export const REVOKED_BY_PATIENT = 'ended by the patient';

/** Whether there is something to disconnect: the app can read, or could read again without a new consent. */
export const isConnected = (state: ConnectionState): boolean => ['active', 'closed', 'paused'].includes(state);

/** Returns when access ended. undefined if it hasn't ended or the time isn't known. */
export function endedAt(grant: ConnectionRow, state: ConnectionState): Date | undefined {
  if (grant.revoked_at !== null) return grant.revoked_at;
  if (state === 'over') return grant.family_ends ?? undefined;
  return state === 'lapsed' ? undefined : (grant.family_revoked_at ?? undefined);
}
