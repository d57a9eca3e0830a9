import { type Executor, statement } from '../database/index.ts';
import { type Clock, OperatorFault, type Random, secretText, sha256 } from '../kernel/index.ts';
import { lockApp, requireApp } from './app.ts';

const insert = statement(
  'registry.secret.insert',
  {},
  'insert into app_secret (client_id, hash, created_at, expires_at) values ($1, $2, $3, $4)',
);
const live = statement(
  'registry.secret.live',
  { created_at: 'timestamptz', expires_at: 'timestamptz?' },
  `select created_at, expires_at from app_secret
   where client_id = $1 and (expires_at is null or expires_at > $2) order by created_at`,
);
const end = statement(
  'registry.secret.end',
  { created_at: 'timestamptz' },
  'delete from app_secret where client_id = $1 and created_at = $2 returning created_at',
);
const endAll = statement('registry.secret.end-all', {}, 'delete from app_secret where client_id = $1');

/** Two, so that the second is in use before the first ends. */
const MOST_SECRETS = 2;

export interface Secret {
  readonly createdAt: Date;
  readonly expiresAt: Date | undefined;
}

/** The secrets that are good now, the oldest first. What they are nobody knows but the app. */
export async function listSecrets(db: Executor, clock: Clock, clientId: string): Promise<readonly Secret[]> {
  const rows = await db.query(live, [clientId, clock.now()]);
  return rows.map((row) => ({ createdAt: row.created_at, expiresAt: row.expires_at ?? undefined }));
}

/** Gives an app a second secret. `tx` must be a transaction: of two who add one at once the later sees the earlier's. */
export async function addSecret(
  tx: Executor,
  deps: { clock: Clock; random: Random },
  clientId: string,
  options: { expiresAt?: Date | undefined } = {},
): Promise<{ readonly clientSecret: string; readonly expiresAt: Date | undefined }> {
  const app = await lockApp(tx, deps.clock, clientId);
  if (app.auth !== 'secret') {
    throw new OperatorFault(
      `This app has no secret: it is registered as ${app.auth === 'none' ? 'public' : app.auth}.`,
    );
  }
  if (options.expiresAt !== undefined && options.expiresAt <= deps.clock.now()) {
    throw new OperatorFault('A secret must expire in the future.');
  }
  const held = await listSecrets(tx, deps.clock, clientId);
  if (held.length >= MOST_SECRETS) {
    const made = held.map(({ createdAt }) => createdAt.toISOString()).join(' and ');
    throw new OperatorFault(`This app has two secrets already, made at ${made}. End one of them first.`);
  }
  return { clientSecret: await issueSecret(tx, deps, clientId, options.expiresAt), expiresAt: options.expiresAt };
}

/** Ends the secret that was made at a moment, as `listSecrets` tells it. */
export async function endSecret(db: Executor, clock: Clock, clientId: string, createdAt: Date): Promise<void> {
  await requireApp(db, clock, clientId);
  const ended = await db.query(end, [clientId, createdAt]);
  if (ended.length > 0) return;
  const held = (await listSecrets(db, clock, clientId)).map((secret) => secret.createdAt.toISOString());
  throw new OperatorFault(`This app has no secret made at that time. Its secrets: ${held.join(', ') || 'none'}.`);
}

export async function endSecrets(tx: Executor, clientId: string): Promise<void> {
  await tx.query(endAll, [clientId]);
}

export async function issueSecret(
  tx: Executor,
  deps: { clock: Clock; random: Random },
  clientId: string,
  expiresAt?: Date,
): Promise<string> {
  const secret = secretText(deps.random);
  await tx.query(insert, [clientId, sha256(secret), deps.clock.now(), expiresAt ?? null]);
  return secret;
}
