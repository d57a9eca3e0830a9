import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';

/** In one order, whoever closes an account. */
const hold = statement(
  'registry.leave-all.hold',
  { organisation_id: 'uuid' },
  `select organisation_id from organisation
   where organisation_id in (select organisation_id from membership where account_id = $1)
   order by organisation_id for update`,
);
const stranded = statement(
  'registry.leave-all.stranded',
  { name: 'text' },
  `select o.name from membership m join organisation o using (organisation_id)
   where m.account_id = $1 and m.role = 'administrator'
     and exists (select from membership x where x.organisation_id = m.organisation_id and x.account_id <> $1)
     and not exists (select from membership x where x.organisation_id = m.organisation_id and x.account_id <> $1
       and x.role = 'administrator')
   order by o.name`,
);
/** Where nobody is left the domain is free: its next person makes an organisation of their own, not this one theirs. */
const free = statement(
  'registry.leave-all.free-domain',
  {},
  `update organisation o set domain = null where organisation_id in (select organisation_id from membership where account_id = $1)
     and not exists (select from membership x where x.organisation_id = o.organisation_id and x.account_id <> $1)`,
);
const leave = statement('registry.leave-all.leave', {}, 'delete from membership where account_id = $1');
const forget = statement('registry.leave-all.forget-requests', {}, 'delete from join_request where account_id = $1');

/**
 * Whoever closes their account belongs nowhere any more.
 * @returns names of the organisations that others belong to and nobody else administers: then nothing was changed
 */
export async function leaveOrganisations(tx: Executor, accountId: AccountId): Promise<readonly string[]> {
  await tx.query(hold, [accountId]);
  const without = (await tx.query(stranded, [accountId])).map(({ name }) => name);
  if (without.length > 0) return without;
  await tx.query(free, [accountId]);
  await tx.query(leave, [accountId]);
  await tx.query(forget, [accountId]);
  return [];
}
