import { labelKey } from '../../access/index.ts';
import { findGrantUsage, type GrantUsage, type VisibleFamilyIds } from '../../audit/index.ts';
import { findSandboxPatient } from '../../enrollment/index.ts';
import { type ActiveAccess, findActiveAccess } from '../../oauth/index.ts';
import type { PatientPortalDeps } from '../deps.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { type ConnectionState, endedAt, getConnectionState, isConnected } from './connection-state.ts';
import { type ConnectionRow, findConnectionRow, listConnectionRows, listOwnFamilies } from './store.ts';
import { describeVisibleData, type VisibleData } from './visible-data.ts';

/** An app's access to the record, as the patient sees it. */
export interface AppConnection {
  readonly grant: ConnectionRow;
  readonly state: ConnectionState;
  readonly connected: boolean;
  /**
   * Data that the app can read now and data that it can't, with the sensitive data that is allowed and that isn't.
   * undefined if the app can read nothing.
   */
  readonly visibleData:
    | (VisibleData & { readonly sensitive: readonly string[]; readonly hiddenSensitive: readonly string[] })
    | undefined;
  /** Time at which access ends, as the person chose. undefined if access lasts until someone disconnects the app. */
  readonly expiresAt: Date | undefined;
  /** Whether the app can read while the person isn't using it (`offline_access`). */
  readonly offlineAccess: boolean;
  readonly endedAt: Date | undefined;
  /** Number of reads and time of the last one. undefined if the app has never read any data. */
  readonly usage: GrantUsage | undefined;
}

export async function listConnections(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
): Promise<readonly AppConnection[]> {
  return describeConnections(deps, context, await listConnectionRows(deps.db, context));
}

/**
 * Finds a connection of the signed-in account to the record of the page.
 * @param grantId a UUID
 */
export async function findConnection(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  grantId: string,
): Promise<AppConnection | undefined> {
  const grant = await findConnectionRow(deps.db, context, grantId);
  if (grant === undefined) return undefined;
  const [found] = await describeConnections(deps, context, [grant]);
  return found;
}

async function describeConnections(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  grants: readonly ConnectionRow[],
): Promise<readonly AppConnection[]> {
  const now = deps.clock.now();
  const ids = grants.map(({ grant_id }) => grant_id);
  const liveGrants = await findActiveAccess(deps, now, ids, context.browser);
  const usage = await findGrantUsage(deps.db, context.accountRecord, ids, await findVisibleFamilies(deps, context));
  return grants.map((grant) => {
    const access = liveGrants.get(grant.grant_id);
    const { apiEnabled } = context.record;
    const state = getConnectionState({ grant, live: access, apiEnabled, provisionalApps: deps.provisionalApps, now });
    return {
      grant,
      state,
      connected: isConnected(state),
      ...describeAccess(deps, context, access),
      endedAt: endedAt(grant, state),
      usage: usage.get(grant.grant_id),
    };
  });
}

function describeAccess(
  { types, sensitive }: PatientPortalDeps,
  { pageContext }: PatientPortalContext,
  access: ActiveAccess | undefined,
): Pick<AppConnection, 'visibleData' | 'expiresAt' | 'offlineAccess'> {
  if (access === undefined) return { visibleData: undefined, expiresAt: undefined, offlineAccess: false };
  const { scopes, ends, labels, isOffline } = access;
  const { language } = pageContext;
  const labelsIf = (isAllowed: boolean) =>
    sensitive.filter((label) => labels.includes(labelKey(label)) === isAllowed).map(({ label }) => label[language]);
  return {
    visibleData: {
      ...describeVisibleData(scopes, types, language),
      sensitive: labelsIf(true),
      hiddenSensitive: labelsIf(false),
    },
    expiresAt: ends,
    offlineAccess: isOffline,
  };
}

/**
 * Lists the token families that are visible where one visitor of the sandbox must not see what another did. A shared
 * sandbox account sees those that were started in this browser. An account that a visitor made for a test patient sees
 * its own, not those of earlier visitors. undefined for all other accounts, which see everything.
 */
export async function findVisibleFamilies(
  { db }: PatientPortalDeps,
  { accountRecord, browser }: PatientPortalContext,
): Promise<VisibleFamilyIds | undefined> {
  const isShared = browser !== undefined || (await findSandboxPatient(db, accountRecord.recordId)) !== undefined;
  return isShared ? listOwnFamilies(db, accountRecord, browser) : undefined;
}
