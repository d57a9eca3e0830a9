import type { Executor } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { holdOrganisation } from '../../registry/index.ts';
import { holdMember, type OfOrganisation } from '../api/hold-member.ts';

/**
 * Locks an organization and checks that the caller still administers it, so that changes of its
 * members run one after another.
 */
export async function holdAsAdministrator(
  tx: Executor,
  organisation: OfOrganisation,
  accountId: AccountId,
): Promise<void> {
  await holdOrganisation(tx, organisation.organisationId);
  await holdMember(tx, organisation, accountId, 'administrator');
}
