import type { Executor } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { holdOrganisation } from '../../registry/index.ts';
import { holdMember, type OfOrganisation } from '../api/hold-member.ts';

/** Who belongs to an organization is changed by who administers it now, and by one at a time. */
export async function holdAsAdministrator(
  tx: Executor,
  organisation: OfOrganisation,
  accountId: AccountId,
): Promise<void> {
  await holdOrganisation(tx, organisation.organisationId);
  await holdMember(tx, organisation, accountId, 'administrator');
}
