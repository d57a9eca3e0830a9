import { subsetted } from '../core/subsetted.ts';
import type { Group } from './store.ts';

/**
 * FHIR R4 Group: of people, who are there.
 * @param patientIds its members; undefined: they are counted and not listed, and it is tagged as what is not whole
 * @returns JSON text
 */
export function groupResource(group: Group, patientIds: readonly string[] | undefined): string {
  const meta = { versionId: String(group.version), lastUpdated: group.changedAt.toISOString() };
  const member = patientIds?.map((id) => ({ entity: { reference: `Patient/${id}` } })) ?? [];
  return JSON.stringify({
    resourceType: 'Group',
    id: group.groupId,
    meta: patientIds === undefined ? subsetted(meta) : meta,
    active: true,
    type: 'person',
    actual: true,
    name: group.name,
    quantity: group.members,
    ...(member.length === 0 ? {} : { member }),
  });
}
