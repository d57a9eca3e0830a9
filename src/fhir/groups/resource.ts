import { subsetted } from '../core/subsetted.ts';
import type { Group } from './store.ts';

/**
 * Returns the version of a Group. FHIR R4 §3.1.0.3: it must change with the content. The members of a group of all patients
 * change with every patient who joins or leaves, which isn't counted, so it has no version. A client therefore can't
 * mistake an old list for the current one.
 */
export const versionOf = ({ everyone, version, changedAt }: Group) =>
  everyone ? undefined : { versionId: String(version), lastUpdated: changedAt };

/**
 * Builds a FHIR R4 Group of actual persons.
 * @param patientIds members; undefined gives only their number, with the tag `SUBSETTED`
 * @returns JSON text
 */
export function groupResource(group: Group, patientIds: readonly string[] | undefined): string {
  const version = versionOf(group);
  const meta = version && { ...version, lastUpdated: version.lastUpdated.toISOString() };
  const member = patientIds?.map((id) => ({ entity: { reference: `Patient/${id}` } })) ?? [];
  return JSON.stringify({
    resourceType: 'Group',
    id: group.groupId,
    ...(patientIds === undefined ? { meta: subsetted(meta) } : meta && { meta }),
    active: true,
    type: 'person',
    actual: true,
    name: group.name,
    quantity: group.members,
    ...(member.length === 0 ? {} : { member }),
  });
}
