import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { removeRecoveryCodes } from '../factors/recovery-codes.ts';
import { endLinks } from '../links/one-time-links.ts';
import { removePasskey } from '../passkeys/passkey-store.ts';
import { endAllSessions } from '../sessions/session.ts';

const discardHash = statement(
  'people.restore.discard-password',
  { account_id: 'uuid' },
  `update account set password_hash = null
   where account_id = $1 and password_hash is not null and not published and closed_at is null returning account_id`,
);
const discardAuthenticator = statement(
  'people.restore.discard-authenticator',
  { account_id: 'uuid' },
  'delete from totp where account_id = $1 and (confirmed_at is null or confirmed_at <= $2::timestamptz) returning account_id',
);
const discardPasskeys = statement(
  'people.restore.discard-passkeys',
  { account_id: 'uuid' },
  'delete from passkey where account_id = $1 and created_at <= $2::timestamptz returning account_id',
);
const endSessions = statement(
  'people.restore.end-sessions',
  { session_id: 'uuid' },
  'delete from session where signed_in_at <= $1 returning session_id',
);
const endAllLinks = statement(
  'people.restore.end-links',
  { account_id: 'uuid' },
  'update account_link set used_at = $1 where used_at is null and created_at <= $2 returning account_id',
);

/** Credentials that a person replaced or removed. */
export type ReplacedCredential =
  | { readonly kind: 'password' | 'authenticator' | 'recovery-codes' | 'all-factors' }
  | { readonly kind: 'passkey'; readonly id: Buffer };

/**
 * Discards credentials that came back when the database was restored, although the person replaced or removed them. The
 * new ones are lost: the person resets the password, or sets up a second factor again.
 * @param change.before time of the change, in ISO 8601; a factor that was added later stays
 * @returns whether the account had them
 */
export async function discardCredential(
  tx: Executor,
  now: Date,
  {
    accountId,
    credential,
    before,
  }: {
    readonly accountId: AccountId;
    readonly credential: ReplacedCredential;
    readonly before: string;
  },
): Promise<boolean> {
  await endAllSessions(tx, accountId);
  await endLinks(tx, accountId, now);
  switch (credential.kind) {
    case 'password':
      return (await tx.query(discardHash, [accountId])).length > 0;
    case 'passkey':
      return (await removePasskey(tx, accountId, credential.id)) !== undefined;
    case 'authenticator':
      return (await tx.query(discardAuthenticator, [accountId, before])).length > 0;
    case 'recovery-codes':
      await removeRecoveryCodes(tx, accountId);
      return true;
    case 'all-factors': {
      const authenticator = await tx.query(discardAuthenticator, [accountId, before]);
      const passkeys = await tx.query(discardPasskeys, [accountId, before]);
      await removeRecoveryCodes(tx, accountId);
      return authenticator.length + passkeys.length > 0;
    }
  }
}

/**
 * Ends the sessions and unused one-time links of all accounts that began by a time: people may have signed out, or used
 * the links, before the database was restored.
 * @returns the number of sessions and of links
 */
export async function endSessionsAndLinks(
  tx: Executor,
  now: Date,
  until: Date,
): Promise<{ readonly sessions: number; readonly links: number }> {
  const sessions = (await tx.query(endSessions, [until])).length;
  return { sessions, links: (await tx.query(endAllLinks, [now, until])).length };
}
