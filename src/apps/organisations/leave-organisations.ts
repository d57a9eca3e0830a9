import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';

/**
 * Locks the organizations of an account in the order of their ids, so that accounts that close at
 * the same time don't deadlock.
 */
const lockOrganisations = statement(
  'registry.leave-all.hold',
  { organisation_id: 'uuid' },
  `select organisation_id from organisation
   where organisation_id in (select organisation_id from membership where account_id = $1)
   order by organisation_id for update`,
);
const listWithoutAdministrator = statement(
  'registry.leave-all.stranded',
  { name: 'text' },
  `select o.name from membership m join organisation o using (organisation_id)
   where m.account_id = $1 and m.role = 'administrator'
     and exists (select from membership x where x.organisation_id = m.organisation_id and x.account_id <> $1)
     and not exists (select from membership x where x.organisation_id = m.organisation_id and x.account_id <> $1
       and x.role = 'administrator')
   order by o.name`,
);
/**
 * Frees the email domain of an organization that loses its last member. The next person with that
 * domain founds a new organization instead of taking over the old one.
 */
const freeDomain = statement(
  'registry.leave-all.free-domain',
  {},
  `update organisation o set domain = null where organisation_id in (select organisation_id from membership where account_id = $1)
     and not exists (select from membership x where x.organisation_id = o.organisation_id and x.account_id <> $1)`,
);
const deleteMemberships = statement('registry.leave-all.leave', {}, 'delete from membership where account_id = $1');
const deleteJoinRequests = statement(
  'registry.leave-all.forget-requests',
  {},
  'delete from join_request where account_id = $1',
);

/**
 * Removes an account that is being closed from all its organizations. Changes nothing if one of
 * them would be left with members but no administrator.
 * @returns the names of those organizations
 */
export async function leaveOrganisations(tx: Executor, accountId: AccountId): Promise<readonly string[]> {
  await tx.query(lockOrganisations, [accountId]);
  const without = (await tx.query(listWithoutAdministrator, [accountId])).map(({ name }) => name);
  if (without.length > 0) return without;
  await tx.query(freeDomain, [accountId]);
  await tx.query(deleteMemberships, [accountId]);
  await tx.query(deleteJoinRequests, [accountId]);
  return [];
}
