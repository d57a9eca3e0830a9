import { Type } from 'typebox';
import type { Config } from '../../config/index.ts';
import type { OAuthAddresses } from '../../oauth/index.ts';
import {
  ERROR_RESPONSES,
  ExplorerConfigResponse,
  explorerCallback,
  openApiPaths,
  type PortalApi,
  type PublishedSandbox,
  RestoredSessionResponse,
} from '../../portal-api/index.ts';
import { type ParkedSessionDeps, parkedSession } from './parked-session.ts';

const tags = ['explorer'];

export interface ExplorerRouteDeps extends ParkedSessionDeps {
  readonly config: Pick<Config, 'publicUrl' | 'prefix' | 'provisionalApps'>;
  readonly addresses: OAuthAddresses;
  readonly sandbox: PublishedSandbox | undefined;
}

/**
 * Adds the routes with the settings of the API explorer. They need no account, so that people can
 * try the sandbox before they sign up. The explorer itself reads data through the same OAuth and
 * FHIR endpoints as any app.
 */
export function explorerRoutes(api: PortalApi, deps: ExplorerRouteDeps): void {
  const session = parkedSession(deps);
  const { sandbox, config, addresses } = deps;
  const missing: ExplorerConfigResponse['missing'] =
    sandbox === undefined ? 'no-sandbox' : config.provisionalApps === 'inactive' ? 'provisional-inactive' : null;
  const { issuer, jwks } = addresses;
  const redirectUri = explorerCallback(config);
  const settings = {
    client: missing === null ? (sandbox?.explorer ?? null) : null,
    missing,
    redirectUri,
    issuer,
    jwks,
    openApi: openApiPaths(config),
  };

  const about = {
    tags,
    summary: 'Get the configuration of the API explorer',
    response: { 200: ExplorerConfigResponse, ...ERROR_RESPONSES },
  };
  api.get('/developer/explorer', { schema: about }, async (request) => ({
    ...settings,
    waiting: await session.isWaiting(request),
  }));

  const leave = {
    tags,
    summary: 'Pause the session of this browser, so that a test patient can sign in',
    response: { 204: Type.Null(), ...ERROR_RESPONSES },
  };
  api.post('/developer/explorer/leave', { schema: leave }, async (request, reply) => {
    await session.putAside(request, reply);
    return reply.code(204).send(null);
  });

  const back = {
    tags,
    summary: 'Resume the paused session',
    response: { 200: RestoredSessionResponse, ...ERROR_RESPONSES },
  };
  api.post('/developer/explorer/return', { schema: back }, async (request, reply) => ({
    returned: await session.takeBack(request, reply),
  }));
}
