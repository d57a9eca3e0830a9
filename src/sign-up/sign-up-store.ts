import { isOrganisationAdministratorSql, lockOrganisation, type OrganisationRole } from '../apps/index.ts';
import { type Executor, type RowOf, statement } from '../database/index.ts';
import type { Language } from '../i18n/index.ts';
import type { AccountId, OrganisationId } from '../kernel/index.ts';

/** An emailed link. It creates a developer account, or adds an existing account to an organization. */
export interface SignUp {
  readonly signUpId: string;
  /** Normalized email address. The link is sent to no other address, so its holder can read email there. */
  readonly email: string;
  readonly language: Language;
  /** The organization that invites, and the new member's role. undefined for a link that the person requested. */
  readonly invitation:
    | { readonly organisationId: OrganisationId; readonly organisationName: string; readonly role: OrganisationRole }
    | undefined;
}

const insert = statement(
  'portal.sign-up.insert',
  {},
  `insert into sign_up (hash, sign_up_id, email, language, organisation_id, role, invited_by, created_at, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);
/**
 * SQL condition that a link is valid. An invitation is valid only while the person who sent it
 * still administers the organization.
 */
const validLinkSql = `s.hash = $1 and s.used_at is null and s.expires_at > $2 and (s.organisation_id is null or (
     ${isOrganisationAdministratorSql('s.organisation_id', 's.invited_by')} and exists (
       select from account a where a.account_id = s.invited_by and a.locked_at is null and a.closed_at is null)))`;
const SIGN_UP_COLUMNS = {
  sign_up_id: 'uuid',
  email: 'text',
  language: 'text',
  organisation_id: 'uuid?',
  name: 'text?',
  role: 'text?',
} as const;
const COLUMNS = `s.sign_up_id, s.email, s.language, s.organisation_id,
     (select o.name from organisation o where o.organisation_id = s.organisation_id) as name, s.role`;
const find = statement(
  'portal.sign-up.find',
  SIGN_UP_COLUMNS,
  `select ${COLUMNS} from sign_up s where ${validLinkSql}`,
);
const use = statement(
  'portal.sign-up.use',
  SIGN_UP_COLUMNS,
  `update sign_up s set used_at = $2 where ${validLinkSql} returning ${COLUMNS}`,
);
const setAccount = statement(
  'portal.sign-up.keep-user',
  {},
  'update sign_up set account_id = $2 where sign_up_id = $1',
);
/**
 * Ends the other sign-up links of an address. Skips a link that another transaction is using, to
 * avoid a deadlock: that transaction fails anyway, because it finds the new account.
 */
const endOthers = statement(
  'portal.sign-up.end-others',
  {},
  `update sign_up set used_at = $2 where hash in (
     select hash from sign_up where email = $1 and organisation_id is null and used_at is null for update skip locked)`,
);
const findAccount = statement(
  'portal.sign-up.user',
  { account_id: 'uuid' },
  'select account_id from sign_up where hash = $1 and account_id is not null',
);
const purge = statement('portal.sign-up.sweep', {}, 'delete from sign_up where expires_at < $1');

export interface NewSignUp {
  readonly hash: Buffer;
  readonly signUpId: string;
  readonly email: string;
  readonly language: Language;
  readonly invitation?: {
    readonly organisationId: OrganisationId;
    readonly role: OrganisationRole;
    readonly invitedBy: AccountId;
  };
  readonly now: Date;
  readonly expiresAt: Date;
}

/** Stores a sign-up link or an invitation. */
export async function insertSignUp(tx: Executor, wanted: NewSignUp): Promise<void> {
  const { hash, signUpId, email, language, invitation, now, expiresAt } = wanted;
  const { organisationId, role, invitedBy } = invitation ?? {};
  await tx.query(insert, [hash, signUpId, email, language, organisationId, role, invitedBy, now, expiresAt]);
}

/** Finds a valid link. Doesn't mark it as used, because email programs open links to preview them. */
export const findSignUp = async (db: Executor, hash: Buffer, now: Date): Promise<SignUp | undefined> =>
  toSignUp(await db.query(find, [hash, now]));

/**
 * Marks a link as used and returns it; undefined if it isn't valid. One statement does both, so
 * that a link works once. For an invitation the organization is locked first, because removing an
 * administrator and canceling an invitation lock it first too. The same order prevents deadlocks.
 */
export async function useSignUp(tx: Executor, hash: Buffer, now: Date): Promise<SignUp | undefined> {
  const invitation = (await findSignUp(tx, hash, now))?.invitation;
  if (invitation !== undefined) await lockOrganisation(tx, invitation.organisationId);
  return toSignUp(await tx.query(use, [hash, now]));
}

/** Records the account that a link created, and ends the other sign-up links that the person requested. */
export async function completeSignUp(
  tx: Executor,
  { signUpId, email }: Pick<SignUp, 'signUpId' | 'email'>,
  accountId: AccountId,
  now: Date,
): Promise<void> {
  await tx.query(setAccount, [signUpId, accountId]);
  await tx.query(endOthers, [email, now]);
}

/** Returns the account that was created with a link; undefined if no account was. */
export const findSignUpAccount = async (db: Executor, hash: Buffer): Promise<AccountId | undefined> =>
  (await db.query(findAccount, [hash]))[0]?.account_id as AccountId | undefined;

/** Deletes sign-up links that expired before the given time. */
export async function purgeSignUps(db: Executor, before: Date): Promise<void> {
  await db.query(purge, [before]);
}

function toSignUp([row]: readonly RowOf<typeof SIGN_UP_COLUMNS>[]): SignUp | undefined {
  if (row === undefined) return undefined;
  const { organisation_id: organisationId, name, role } = row;
  const invitation =
    organisationId === null || name === null || role === null
      ? undefined
      : { organisationId: organisationId as OrganisationId, organisationName: name, role: role as OrganisationRole };
  return { signUpId: row.sign_up_id, email: row.email, language: row.language as Language, invitation };
}
