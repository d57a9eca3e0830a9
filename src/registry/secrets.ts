import { type Executor, statement } from '../database/index.ts';
import { type Clock, OperatorFault, type Random, secretText, sha256 } from '../kernel/index.ts';
import { type App, lockApp, requireApp } from './app.ts';

const insert = statement(
  'registry.secret.insert',
  { secret_id: 'uuid' },
  `insert into app_secret (client_id, hash, created_at, expires_at, name) values ($1, $2, $3, $4, $5)
   returning secret_id`,
);
const live = statement(
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

/** Two, so that the second is in use before the first ends. */
const MOST_SECRETS = 2;
const USUAL_NAME = 'Secret';

export interface Secret {
  readonly secretId: string;
  /** Where it is used, in the developer's words. */
  readonly name: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | undefined;
}

/** What is said of a secret when it is made. */
export interface SecretWishes {
  readonly name?: string | undefined;
  /** undefined: it is good until it is ended. */
  readonly expiresAt?: Date | undefined;
}

/** With the secret itself, which is told this once. */
export interface NewSecret extends Secret {
  readonly clientSecret: string;
}

type SecretDeps = { readonly clock: Clock; readonly random: Random };

/** The secrets that are good now, the oldest first. What they are nobody knows but the app. */
export async function listSecrets(db: Executor, clock: Clock, clientId: string): Promise<readonly Secret[]> {
  const rows = await db.query(live, [clientId, clock.now()]);
  return rows.map((row) => ({
    secretId: row.secret_id,
    name: row.name,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
  }));
}

/** Gives an app a second secret. `tx` must be a transaction: of two who add one at once the later sees the earlier's. */
export async function addSecret(
  tx: Executor,
  deps: SecretDeps,
  clientId: string,
  wishes: SecretWishes = {},
): Promise<NewSecret> {
  const app = await lockApp(tx, deps.clock, clientId);
  if (app.auth !== 'secret') {
    throw new OperatorFault(
      `This app has no secret: it is registered as ${app.auth === 'none' ? 'public' : app.auth}.`,
    );
  }
  if (wishes.expiresAt !== undefined && wishes.expiresAt <= deps.clock.now()) {
    throw new OperatorFault('A secret must expire in the future.');
  }
  const held = await listSecrets(tx, deps.clock, clientId);
  if (held.length >= MOST_SECRETS) {
    const made = held.map(({ createdAt }) => createdAt.toISOString()).join(' and ');
    throw new OperatorFault(`This app has two secrets already, made at ${made}. End one of them first.`);
  }
  return newSecret(tx, deps, clientId, wishes);
}

/** Ends the secret that was made at a moment, as `listSecrets` tells it. */
export async function endSecret(db: Executor, clock: Clock, clientId: string, createdAt: Date): Promise<void> {
  await requireApp(db, clock, clientId);
  const ended = await db.query(end, [clientId, createdAt]);
  if (ended.length > 0) return;
  const held = (await listSecrets(db, clock, clientId)).map((secret) => secret.createdAt.toISOString());
  throw new OperatorFault(`This app has no secret made at that time. Its secrets: ${held.join(', ') || 'none'}.`);
}

/** @returns its name; undefined: there is no such secret, or it was ended before */
export async function endSecretById(tx: Executor, clientId: string, secretId: string): Promise<string | undefined> {
  const [ended] = await tx.query(endById, [clientId, secretId]);
  return ended?.name;
}

export async function endSecrets(tx: Executor, clientId: string): Promise<void> {
  await tx.query(endAll, [clientId]);
}

export async function issueSecret(
  tx: Executor,
  deps: SecretDeps,
  clientId: string,
  wishes: SecretWishes = {},
): Promise<string> {
  return (await newSecret(tx, deps, clientId, wishes)).clientSecret;
}

async function newSecret(
  tx: Executor,
  { clock, random }: SecretDeps,
  clientId: string,
  { name = USUAL_NAME, expiresAt }: SecretWishes,
): Promise<NewSecret> {
  const clientSecret = secretText(random);
  const createdAt = clock.now();
  const [row] = await tx.query(insert, [clientId, sha256(clientSecret), createdAt, expiresAt ?? null, name]);
  return { secretId: row?.secret_id ?? '', name, createdAt, expiresAt, clientSecret };
}

/** An app that begins to use a secret gets one; one that no longer does loses those it had. @returns the new one */
export async function secretAfter(
  tx: Executor,
  deps: SecretDeps,
  { clientId, auth }: Pick<App, 'clientId' | 'auth'>,
  wanted: App['auth'],
  wishes: SecretWishes = {},
): Promise<string | undefined> {
  if (wanted === 'secret') return auth === 'secret' ? undefined : issueSecret(tx, deps, clientId, wishes);
  await endSecrets(tx, clientId);
  return undefined;
}
