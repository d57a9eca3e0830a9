import type { FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import { constantTimeEqual, Problem, sha256 } from '../../kernel/index.ts';
import type { RegistrationDeps } from './deps.ts';
import { invalidClientMetadata, parseMetadataObject } from './parse-body.ts';
import { auditRegistration, readClientInformation } from './registration-result.ts';
import { parseValidMetadata, requireNoErrors } from './valid-metadata.ts';

export type RegistrationManagementRequest = FastifyRequest<{ Params: { clientId: string } }>;

export interface AuthenticatedRegistration {
  readonly app: App;
  readonly token: string;
}

/**
 * Authenticates a request with the registration access token, locks the app and runs `work` in the same transaction.
 * Throws the same 401 for an unknown app and a wrong token, so that the response doesn't reveal which apps exist. RFC
 * 7592 §2
 */
export async function withRegistration<Result>(
  deps: RegistrationDeps,
  request: RegistrationManagementRequest,
  work: (tx: Executor, registration: AuthenticatedRegistration) => Promise<Result>,
): Promise<Result> {
  const token = /^bearer +([\w-]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1];
  return deps.db.transaction(async (tx) => {
    const app = token === undefined ? undefined : await deps.registrar.find(tx, request.params.clientId, token);
    if (app !== undefined && token !== undefined) return work(tx, { app, token });
    throw new Problem('invalid_token', {
      status: 401,
      message:
        'Invalid registration_access_token, or the app no longer exists. Send the token of this app as a bearer token.',
    });
  });
}

/**
 * Replaces the registration. Members that the request omits are removed (RFC 7592 §2.2). Important changes of an
 * approved app wait for an administrator's decision, and the response says so.
 */
export async function replaceRegistration(
  deps: RegistrationDeps,
  tx: Executor,
  { app, token }: AuthenticatedRegistration,
  request: RegistrationManagementRequest,
) {
  try {
    const sent = parseMetadataObject(request.body);
    requireSameCredentials(app, sent);
    const metadata = parseValidMetadata(deps.registrar, sent);
    if (metadata.name !== app.name) requireNoErrors(await deps.registrar.checkName(tx, metadata.name));
    const { clientSecret } = await deps.registrar.replace(tx, app.clientId, metadata, deps.mode);
    await auditRegistration(deps, tx, 'replace', app.clientId, request.id);
    return await readClientInformation(deps, tx, { clientId: app.clientId, token, clientSecret });
  } catch (error) {
    if (error instanceof Problem) {
      const { clientId } = app;
      deps.log.logError({
        clientId,
        endpoint: 'register',
        error: error.code,
        cause: error.message,
        status: error.status,
        requestId: request.id,
        proved: true,
      });
    }
    throw error;
  }
}

function requireSameCredentials(app: App, { client_id, client_secret }: Readonly<Record<string, unknown>>): void {
  if (client_id !== app.clientId) throw invalidClientMetadata('client_id must be the client_id of this app.');
  if (client_secret === undefined) return;
  const hash = typeof client_secret === 'string' ? sha256(client_secret) : undefined;
  if (hash === undefined || !app.secretHashes.map((known) => constantTimeEqual(known, hash)).includes(true)) {
    throw invalidClientMetadata(
      'client_secret must be the current secret of this app. It can’t be chosen. Leave it out to keep the current one.',
    );
  }
}
