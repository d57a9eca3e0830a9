import { labelKey } from '../../access/index.ts';
import { type OwnFamilies, type Usage, usageOf } from '../../audit/index.ts';
import { type LiveAccess, liveAccess } from '../../oauth/index.ts';
import { wordsIn } from '../../words/index.ts';
import type { AccountDeps } from '../deps.ts';
import type { Place } from '../place.ts';
import { type ConnectionState, endedAt, isConnected, stateOf } from './state.ts';
import { familiesOfBrowser, findOwnGrant, type GrantRow, listOwnGrants } from './store.ts';
import { type SeenData, seenData } from './what.ts';

/** An app's access to the record, as the patient sees it. */
export interface Connection {
  readonly grant: GrantRow;
  readonly state: ConnectionState;
  readonly connected: boolean;
  /** Data that the app can read; undefined when it can read nothing now. */
  readonly sees: (SeenData & { readonly sensitive: readonly string[] }) | undefined;
  /** End that the person chose; undefined: access lasts until it is disconnected. */
  readonly until: Date | undefined;
  /** Whether the app can read while the person isn't using it (`offline_access`). */
  readonly away: boolean;
  readonly endedAt: Date | undefined;
  /** undefined when the app never read. */
  readonly usage: Usage | undefined;
}

export async function connectionsOf(deps: AccountDeps, context: Place): Promise<readonly Connection[]> {
  return describe(deps, context, await listOwnGrants(deps.db, context));
}

/** Finds a connection of this account to this record. @param grantId a UUID */
export async function connectionOf(
  deps: AccountDeps,
  context: Place,
  grantId: string,
): Promise<Connection | undefined> {
  const grant = await findOwnGrant(deps.db, context, grantId);
  if (grant === undefined) return undefined;
  const [found] = await describe(deps, context, [grant]);
  return found;
}

async function describe(
  deps: AccountDeps,
  context: Place,
  grants: readonly GrantRow[],
): Promise<readonly Connection[]> {
  const now = deps.clock.now();
  const ids = grants.map(({ grant_id }) => grant_id);
  const liveGrants = await liveAccess(deps, now, ids, context.browser);
  const usage = await usageOf(deps.db, context.whose, ids, await ownFamilies(deps, context));
  return grants.map((grant) => {
    const access = liveGrants.get(grant.grant_id);
    const { open } = context.record;
    const state = stateOf({ grant, live: access, open, provisionalApps: deps.provisionalApps, now });
    return {
      grant,
      state,
      connected: isConnected(state),
      ...accessOf(deps, context, access),
      endedAt: endedAt(grant, state),
      usage: usage.get(grant.grant_id),
    };
  });
}

function accessOf(
  { types, sensitive }: AccountDeps,
  { frame: pageContext }: Place,
  access: LiveAccess | undefined,
): Pick<Connection, 'sees' | 'until' | 'away'> {
  if (access === undefined) return { sees: undefined, until: undefined, away: false };
  const { scopes, ends, labels, away } = access;
  const allowed = sensitive.filter((label) => labels.includes(labelKey(label)));
  return {
    sees: {
      ...seenData(scopes, types, wordsIn(pageContext.language)),
      sensitive: allowed.map(({ label }) => label[pageContext.language]),
    },
    until: ends,
    away,
  };
}

/**
 * Token families that a shared sandbox account may see, which are those connected in this browser. undefined: nothing
 * is filtered.
 */
export async function ownFamilies(
  { db }: AccountDeps,
  { whose: accountRecord, browser }: Place,
): Promise<OwnFamilies | undefined> {
  return browser === undefined ? undefined : familiesOfBrowser(db, accountRecord, browser);
}
