import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AppResponse, AppSummary } from '../../../src/portal-api/contract/apps.ts';
import type { ExplorerConfigResponse } from '../../../src/portal-api/contract/explorer.ts';
import { useSession } from '../../shell/session.ts';
import { initialTerms } from '../apps/initial-terms.ts';
import { appQuery, appsQuery, sendAppRequest } from '../apps/queries.ts';
import { type ConnectRequest, startAuthorization } from './oauth.ts';

/** Returns the apps of the signed-in developer, except backend apps, to which no one signs in, and retired apps. */
export function useOwnApps(): readonly AppSummary[] {
  const { person } = useSession();
  const memberships = person?.kind === 'developer' ? person.memberships : [];
  return useQueries({
    queries: memberships.map(({ organisationId }) => appsQuery(organisationId)),
    combine: (all) =>
      all.flatMap(({ data }) => data ?? []).filter(({ kind, state }) => kind !== 'backend' && state !== 'retired'),
  });
}

/**
 * Returns the query for one of the developer's apps. Its data is undefined if the app belongs to someone else or isn't
 * loaded yet.
 */
export function useOwnApp(clientId: string) {
  const { person } = useSession();
  const enabled = clientId !== '' && person?.kind === 'developer';
  return useQuery({ ...appQuery(clientId), enabled, refetchInterval: false, retry: false });
}

/** Whether the explorer can act as an app. If it can't, the value says why or what to do first. */
export type OwnAppReadiness =
  | 'ready'
  | 'made-up'
  | 'add'
  | 'ask-for'
  | 'waits'
  | 'stopped'
  | 'inactive'
  | 'key'
  | 'dpop'
  | 'backend';

export function ownAppReadiness(
  { kind, state, terms, open }: AppResponse,
  { redirectUri }: Pick<ExplorerConfigResponse, 'redirectUri'>,
  { person, provisionalApps }: Pick<ReturnType<typeof useSession>, 'person' | 'provisionalApps'>,
): OwnAppReadiness {
  if (person?.sandboxDeveloper === true) return 'made-up';
  if (kind === 'backend') return 'backend';
  if (state !== 'provisional' && state !== 'active') return 'stopped';
  if (state === 'provisional' && provisionalApps === 'inactive') return 'inactive';
  if (terms.auth === 'private_key_jwt') return 'key';
  if (terms.dpopBound) return 'dpop';
  if (terms.redirectUris.includes(redirectUri)) return 'ready';
  if (state === 'provisional') return 'add';
  return open?.terms.redirectUris.includes(redirectUri) === true ? 'waits' : 'ask-for';
}

/**
 * Adds the explorer's redirect URI to an app: at once for a provisional app, otherwise as a version that waits for a
 * review.
 */
export function addRedirectUri(
  app: AppResponse,
  { redirectUri }: Pick<ExplorerConfigResponse, 'redirectUri'>,
): Promise<unknown> {
  const start = initialTerms(app);
  const draft = { ...start, redirectUris: [...start.redirectUris, redirectUri] };
  return sendAppRequest('POST', app.clientId, 'versions', { draft, revision: app.revision });
}

/** Test accounts that the explorer proposes, by who signs in to the app. */
export const TEST_USERNAMES = { patient: 'patientapitest', staff: 'staffapitest' } as const;

/**
 * Returns a function that starts an authorization as an app. If the app is provisional and lacks the explorer's
 * redirect URI, it is added first.
 * @param app one of the developer's apps; undefined for a client of which only the id is known
 */
export function useOwnAppAuthorization(app: AppResponse | undefined, clientId = app?.clientId) {
  const session = useSession();
  const { addresses } = session;
  const client = useQueryClient();
  return async (
    about: ExplorerConfigResponse,
    request: Pick<ConnectRequest, 'scope' | 'username' | 'back'>,
  ): Promise<void> => {
    if (app !== undefined && ownAppReadiness(app, about, session) === 'add') {
      await addRedirectUri(app, about);
      await client.invalidateQueries({ queryKey: ['apps', 'one', app.clientId] });
    }
    await startAuthorization(addresses, about.redirectUri, {
      clientId: clientId ?? '',
      name: app?.name,
      isConfidential: app?.terms.auth === 'secret',
      aud: app === undefined || app.terms.apis.includes('r4') ? addresses.r4 : addresses.dstu2,
      ...request,
    });
  };
}
