import { labelKey } from '../../access/index.ts';
import { type OwnFamilies, type Usage, usageOf } from '../../audit/index.ts';
import { type LiveAccess, liveAccess } from '../../oauth/index.ts';
import { wordsIn } from '../../words/index.ts';
import type { AccountDeps } from '../deps.ts';
import type { Place } from '../place.ts';
import { type ConnectionState, endedAt, isConnected, stateOf } from './state.ts';
import { familiesOfBrowser, findOwnGrant, type GrantRow, listOwnGrants } from './store.ts';
import { type SeenData, seenData } from './what.ts';

/** An app and what it may do with the record: all that its person is told. */
export interface Connection {
  readonly grant: GrantRow;
  readonly state: ConnectionState;
  readonly connected: boolean;
  /** undefined: nothing, now. */
  readonly sees: (SeenData & { readonly sensitive: readonly string[] }) | undefined;
  /** As the person chose; undefined: until it is stopped. */
  readonly until: Date | undefined;
  /** Reads when nobody is there. */
  readonly away: boolean;
  readonly endedAt: Date | undefined;
  /** undefined: it never read. */
  readonly usage: Usage | undefined;
}

export async function connectionsOf(deps: AccountDeps, place: Place): Promise<readonly Connection[]> {
  return describe(deps, place, await listOwnGrants(deps.db, place));
}

/** undefined: there is no such connection of this account, for this record. @param grantId a UUID */
export async function connectionOf(deps: AccountDeps, place: Place, grantId: string): Promise<Connection | undefined> {
  const grant = await findOwnGrant(deps.db, place, grantId);
  if (grant === undefined) return undefined;
  const [found] = await describe(deps, place, [grant]);
  return found;
}

async function describe(deps: AccountDeps, place: Place, grants: readonly GrantRow[]): Promise<readonly Connection[]> {
  const now = deps.clock.now();
  const ids = grants.map(({ grant_id }) => grant_id);
  const lives = await liveAccess(deps, now, ids, place.browser);
  const usage = await usageOf(deps.db, place.whose, ids, await ownFamilies(deps, place));
  return grants.map((grant) => {
    const live = lives.get(grant.grant_id);
    const { open } = place.record;
    const state = stateOf({ grant, live, open, provisionalApps: deps.provisionalApps, now });
    return {
      grant,
      state,
      connected: isConnected(state),
      ...accessOf(deps, place, live),
      endedAt: endedAt(grant, state),
      usage: usage.get(grant.grant_id),
    };
  });
}

function accessOf({ types, sensitive }: AccountDeps, { frame }: Place, live: LiveAccess | undefined) {
  if (live === undefined) return { sees: undefined, until: undefined, away: false };
  const { scopes, ends, labels, away } = live;
  const allowed = sensitive.filter((label) => labels.includes(labelKey(label)));
  return {
    sees: {
      ...seenData(scopes, types, wordsIn(frame.language)),
      sensitive: allowed.map(({ label }) => label[frame.language]),
    },
    until: ends,
    away,
  };
}

/** What a visitor of a published account has connected in this browser; undefined: nothing has to be left out. */
export async function ownFamilies({ db }: AccountDeps, { whose, browser }: Place): Promise<OwnFamilies | undefined> {
  return browser === undefined ? undefined : familiesOfBrowser(db, whose, browser);
}
