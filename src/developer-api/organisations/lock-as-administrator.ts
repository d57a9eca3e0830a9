import { lockOrganisation } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { lockMemberRole, type OrganisationRef } from '../../portal-api/index.ts';

/**
 * Locks an organization and checks that the caller still administers it. Concurrent changes of the
 * organization's members run one after another.
 */
export async function lockAsAdministrator(
  tx: Executor,
  organisation: OrganisationRef,
  accountId: AccountId,
): Promise<void> {
  await lockOrganisation(tx, organisation.organisationId);
  await lockMemberRole(tx, organisation, accountId, 'administrator');
}
