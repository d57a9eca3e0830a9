import { type Executor, statement } from '../database/index.ts';
import type { App } from '../domain/index.ts';
import { type Clock, OperatorError, type Random, randomSecret, sha256 } from '../kernel/index.ts';
import { lockApp, requireApp } from './app.ts';

const insert = statement(
  'registry.secret.insert',
  { secret_id: 'uuid' },
  `insert into app_secret (client_id, hash, created_at, expires_at, name) values ($1, $2, $3, $4, $5)
   returning secret_id`,
);
const listValid = statement(
  'registry.secret.live',
  { secret_id: 'uuid', name: 'text', created_at: 'timestamptz', expires_at: 'timestamptz?' },
  `select secret_id, name, created_at, expires_at from app_secret
   where client_id = $1 and (expires_at is null or expires_at > $2) order by created_at, secret_id`,
);
const end = statement(
  'registry.secret.end',
  { created_at: 'timestamptz' },
  'delete from app_secret where client_id = $1 and created_at = $2 returning created_at',
);
const endById = statement(
  'registry.secret.end-by-id',
  { name: 'text' },
  'delete from app_secret where client_id = $1 and secret_id = $2 returning name',
);
const endAll = statement('registry.secret.end-all', {}, 'delete from app_secret where client_id = $1');

/** Maximum number of valid secrets of an app. Two are needed to replace a secret without downtime. */
const MAX_SECRETS = 2;
const DEFAULT_NAME = 'Secret';

export interface AppSecret {
  readonly secretId: string;
  /** Label that the developer gave the secret, such as the system that uses it. */
  readonly name: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | undefined;
}

/** Options for a new client secret. */
export interface SecretOptions {
  readonly name?: string | undefined;
  /** When the secret expires. undefined: it is valid until a developer ends it. */
  readonly expiresAt?: Date | undefined;
}

/** A new secret. `clientSecret` is the secret itself, which is shown only once. */
export interface NewAppSecret extends AppSecret {
  readonly clientSecret: string;
}

type AppSecretDeps = { readonly clock: Clock; readonly random: Random };

/**
 * Returns the names, creation times and expirations of an app's valid secrets, oldest first. The
 * secret values are not included, because only their hashes are stored.
 */
export async function listSecrets(db: Executor, clock: Clock, clientId: string): Promise<readonly AppSecret[]> {
  const rows = await db.query(listValid, [clientId, clock.now()]);
  return rows.map((row) => ({
    secretId: row.secret_id,
    name: row.name,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
  }));
}

/**
 * Adds a second secret to an app. Throws `OperatorError` if the app already has two, if it doesn't
 * use secrets, or if the expiration is past. `tx` must be a transaction: the app is locked, so that
 * concurrent calls are counted one after another.
 */
export async function addSecret(
  tx: Executor,
  deps: AppSecretDeps,
  clientId: string,
  options: SecretOptions = {},
): Promise<NewAppSecret> {
  const app = await lockApp(tx, deps.clock, clientId);
  if (app.auth !== 'secret') {
    throw new OperatorError(
      `This app can’t have a secret, because it is registered as ${app.auth === 'none' ? 'public' : app.auth}.`,
    );
  }
  if (options.expiresAt !== undefined && options.expiresAt <= deps.clock.now()) {
    throw new OperatorError('The expiration of a secret must be in the future.');
  }
  const existing = await listSecrets(tx, deps.clock, clientId);
  if (existing.length >= MAX_SECRETS) {
    const made = existing.map(({ createdAt }) => createdAt.toISOString()).join(' and ');
    throw new OperatorError(`This app already has two secrets, created at ${made}. End one of them first.`);
  }
  return createSecret(tx, deps, clientId, options, existing.at(-1)?.createdAt);
}

/**
 * Ends the secret with the given creation time, which `listSecrets` returns. Throws `OperatorError`
 * if no secret was created at that time.
 */
export async function endSecret(db: Executor, clock: Clock, clientId: string, createdAt: Date): Promise<void> {
  await requireApp(db, clock, clientId);
  const ended = await db.query(end, [clientId, createdAt]);
  if (ended.length > 0) return;
  const existing = (await listSecrets(db, clock, clientId)).map((secret) => secret.createdAt.toISOString());
  throw new OperatorError(
    `This app has no secret that was created at that time. Its secrets: ${existing.join(', ') || 'none'}.`,
  );
}

/**
 * Ends a secret.
 * @returns the name of the secret; undefined if it doesn't exist or has already ended
 */
export async function endSecretById(tx: Executor, clientId: string, secretId: string): Promise<string | undefined> {
  const [ended] = await tx.query(endById, [clientId, secretId]);
  return ended?.name;
}

/** Ends all client secrets of an app. */
export async function endSecrets(tx: Executor, clientId: string): Promise<void> {
  await tx.query(endAll, [clientId]);
}

export async function issueSecret(
  tx: Executor,
  deps: AppSecretDeps,
  clientId: string,
  options: SecretOptions = {},
): Promise<string> {
  return (await createSecret(tx, deps, clientId, options)).clientSecret;
}

async function createSecret(
  tx: Executor,
  { clock, random }: AppSecretDeps,
  clientId: string,
  { name = DEFAULT_NAME, expiresAt }: SecretOptions,
  previous?: Date,
): Promise<NewAppSecret> {
  const clientSecret = randomSecret(random);
  // Operators end a secret by its creation time, so two secrets of an app never share one.
  const createdAt = new Date(Math.max(clock.now().getTime(), previous === undefined ? 0 : previous.getTime() + 1));
  const [row] = await tx.query(insert, [clientId, sha256(clientSecret), createdAt, expiresAt ?? null, name]);
  return { secretId: row?.secret_id ?? '', name, createdAt, expiresAt, clientSecret };
}

/**
 * Issues a secret when an app changes to authentication by secret. Ends all secrets when the app
 * changes to another method.
 * @returns the new secret; undefined if none was issued
 */
export async function updateSecretForAuthMethod(
  tx: Executor,
  deps: AppSecretDeps,
  { clientId, auth }: Pick<App, 'clientId' | 'auth'>,
  wanted: App['auth'],
  options: SecretOptions = {},
): Promise<string | undefined> {
  if (wanted === 'secret') return auth === 'secret' ? undefined : issueSecret(tx, deps, clientId, options);
  await endSecrets(tx, clientId);
  return undefined;
}
