import { type Executor, statement } from '../database/index.ts';
import { type ClientId, type Clock, days, later, type OrganisationId, type Random } from '../kernel/index.ts';
import { insertNotification } from './notifications/notification.ts';

/**
 * How many milliseconds before a secret expires the app's developers are warned: long enough to
 * replace the secret, even over holidays.
 */
const WARNING_PERIOD = days(14);

/**
 * Marks the secrets for which a warning is due. Each row is updated once, so that only one of
 * several processes sends the warning.
 */
const claim = statement(
  'registry.secret.claim-expiring',
  { client_id: 'text', app_name: 'text', organisation_id: 'uuid', secret_name: 'text', expires_at: 'timestamptz' },
  `update app_secret s set warned_at = $1 from app a
   where a.client_id = s.client_id and a.organisation_id is not null
     and a.state in ('provisional', 'active', 'suspended') and a.auth = 'secret'
     and s.warned_at is null and s.expires_at > $1 and s.expires_at <= $2
   returning s.client_id, a.name as app_name, a.organisation_id, s.name as secret_name, s.expires_at`,
);
const purge = statement('registry.secret.sweep', {}, 'delete from app_secret where expires_at < $1');

export interface ExpiringAppSecret {
  readonly clientId: ClientId;
  readonly appName: string;
  readonly organisationId: OrganisationId;
  readonly secretName: string;
  readonly expiresAt: Date;
}

/**
 * Returns the secrets that expire soon, each only once, and adds a notification for each. The caller
 * queues the email to the developers in the same transaction `tx`.
 */
export async function claimExpiringSecrets(
  tx: Executor,
  deps: { readonly clock: Clock; readonly random: Random },
): Promise<readonly ExpiringAppSecret[]> {
  const now = deps.clock.now();
  const rows = await tx.query(claim, [now, later(now, WARNING_PERIOD)]);
  const secrets = rows.map((row) => ({
    clientId: row.client_id as ClientId,
    appName: row.app_name,
    organisationId: row.organisation_id as OrganisationId,
    secretName: row.secret_name,
    expiresAt: row.expires_at,
  }));
  for (const { clientId, secretName, expiresAt } of secrets) {
    const detail = { secret: secretName, expiresAt: expiresAt.toISOString() };
    await insertNotification(tx, deps, { clientId, kind: 'secret-expiring', detail });
  }
  return secrets;
}

/** Deletes secrets that expired before the given time. */
export async function purgeExpiredSecrets(db: Executor, before: Date): Promise<void> {
  await db.query(purge, [before]);
}
