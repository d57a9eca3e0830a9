import type { Config } from '../../config/index.ts';
import { type ActiveAccess, type ListedGrant, REVOKED_BY_APP_REASON } from '../../oauth/index.ts';

export interface GrantStateInput {
  readonly grant: ListedGrant;
  /** Access that an active token of the grant gives. undefined if the grant has no active token. */
  readonly live: ActiveAccess | undefined;
  readonly now: Date;
  readonly provisionalApps: Config['provisionalApps'];
}

/**
 * Returns the state of a grant for the command's output. If there are several reasons why the app has no access,
 * returns the one that is hardest to undo.
 */
export function grantState(question: GrantStateInput): string {
  const { grant, live } = question;
  if (grant.revoked_at !== null) return grant.ended_by === null ? 'ended' : `ended by ${grant.ended_by}`;
  const obstacle = findObstacle(question);
  if (obstacle !== undefined) return obstacle;
  // A grant of a backend app is active even without an active token, because the app can always get
  // a new one.
  return live !== undefined || grant.subject === 'backend' ? 'active' : stateWithoutTokens(question);
}

function findObstacle({ grant, provisionalApps }: GrantStateInput): string | undefined {
  const { app_state: state } = grant;
  const works = state === 'active' || (state === 'provisional' && provisionalApps === 'sandbox');
  if (!works) return `app ${state}`;
  if (grant.locked) return 'account locked';
  return grant.subject === 'record' && !grant.represented ? 'representation ended' : undefined;
}

/**
 * Returns the state of a grant without active tokens. `lapsed` means that no one ended the grant, but its tokens have
 * expired: they were not refreshed in time, or the person signed out.
 */
function stateWithoutTokens({ grant, now }: GrantStateInput): string {
  if (grant.revoked_for === REVOKED_BY_APP_REASON) return 'ended by app';
  if (grant.revoked_for !== null) return `ended: ${grant.revoked_for}`;
  return grant.expires_at !== null && grant.expires_at <= now ? 'expired' : 'lapsed';
}
