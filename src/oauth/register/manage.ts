import type { FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import { Problem, sameBytes, sha256 } from '../../kernel/index.ts';
import type { RegistrationDeps } from './deps.ts';
import { metadataFault, objectOf } from './read-body.ts';
import { informed, recorded } from './registered.ts';
import type { RegisteredApp } from './registrar.ts';
import { requireFaultless, wantedApp } from './wanted-app.ts';

export type Managed = FastifyRequest<{ Params: { clientId: string } }>;

export interface Held {
  readonly app: RegisteredApp;
  readonly token: string;
}

/**
 * Authenticates with the registration access token and runs the work in a transaction that locks the app. Throws the
 * same 401 for an unknown app and a wrong token, so that it doesn't reveal which apps exist. RFC 7592 §2
 */
export async function managing<Result>(
  deps: RegistrationDeps,
  request: Managed,
  work: (tx: Executor, registration: Held) => Promise<Result>,
): Promise<Result> {
  const token = /^bearer +([\w-]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1];
  return deps.db.transaction(async (tx) => {
    const app = token === undefined ? undefined : await deps.registrar.find(tx, request.params.clientId, token);
    if (app !== undefined && token !== undefined) return work(tx, { app, token });
    throw new Problem('invalid_token', {
      status: 401,
      message: 'Send the registration_access_token of this app as a bearer token. There may be no such app any more.',
    });
  });
}

/**
 * Replaces the registration. Omitted members are removed (RFC 7592 §2.2). Important changes of an approved app wait for
 * an administrator, and the response says so.
 */
export async function replace(deps: RegistrationDeps, tx: Executor, { app, token }: Held, request: Managed) {
  try {
    const sent = objectOf(request.body);
    requireSame(app, sent);
    const metadata = wantedApp(deps.registrar, sent);
    if (metadata.name !== app.name) requireFaultless(await deps.registrar.imitations(tx, metadata.name));
    const { clientSecret } = await deps.registrar.replace(tx, app.clientId, metadata, deps.mode);
    await recorded(deps, tx, 'replace', app.clientId, request.id);
    return await informed(deps, tx, { clientId: app.clientId, token, clientSecret });
  } catch (error) {
    if (error instanceof Problem) {
      const { clientId } = app;
      deps.log.refused({
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

function requireSame(app: RegisteredApp, { client_id, client_secret }: Readonly<Record<string, unknown>>): void {
  if (client_id !== app.clientId) throw metadataFault('client_id must be the one of this app.');
  if (client_secret === undefined) return;
  const hash = typeof client_secret === 'string' ? sha256(client_secret) : undefined;
  if (hash === undefined || !app.secretHashes.map((known) => sameBytes(known, hash)).includes(true)) {
    throw metadataFault('client_secret must be the one of this app, or be left out. It can’t be chosen.');
  }
}
