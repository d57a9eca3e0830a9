import type { OrganisationRole } from '../apps/index.ts';
import { type Executor, statement } from '../database/index.ts';
import type { Language } from '../i18n/index.ts';
import type { AccountId, OrganisationId } from '../kernel/index.ts';

/** A member of an organization that develops apps. */
export interface OrganisationMember {
  readonly accountId: AccountId;
  readonly name: string;
  /** Email address that the member has confirmed, normalized. */
  readonly email: string | undefined;
  readonly role: OrganisationRole;
  readonly joinedAt: Date;
  readonly language: Language;
}

/** The people of made-up organizations have closed accounts, so that they can't be mistaken for real developers. */
const find = statement(
  'portal.people-of-organisation',
  {
    account_id: 'uuid',
    display_name: 'text',
    email: 'text?',
    language: 'text',
    role: 'text',
    joined_at: 'timestamptz',
  },
  `select a.account_id, a.display_name, a.email, a.language, m.role, m.joined_at
   from membership m join account a on a.account_id = m.account_id and (a.closed_at is null or current_space() <> '')
   where m.organisation_id = $1 order by m.joined_at, m.account_id`,
);

/** Returns the members of an organization, in the order in which they joined. */
export async function listOrganisationMembers(
  { db }: { readonly db: Executor },
  organisationId: OrganisationId,
): Promise<readonly OrganisationMember[]> {
  return (await db.query(find, [organisationId])).map((row) => ({
    accountId: row.account_id as AccountId,
    name: row.display_name,
    email: row.email ?? undefined,
    role: row.role as OrganisationRole,
    joinedAt: row.joined_at,
    language: row.language as Language,
  }));
}
