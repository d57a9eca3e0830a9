import { withSubsettedTag } from '../model/subsetted-tag.ts';
import type { PatientGroup } from './group-store.ts';

/**
 * Returns `meta.versionId` and `meta.lastUpdated` of a Group. FHIR R4 §3.1.0.3 requires a new version when the content
 * changes. A group of all patients changes with every patient who joins or leaves the practice. The server doesn't
 * count these changes, so such a group has no version, and a client can't mistake an old list for the current one.
 */
export const groupVersion = ({ everyone, version, changedAt }: PatientGroup) =>
  everyone ? undefined : { versionId: String(version), lastUpdated: changedAt };

/**
 * Builds a FHIR R4 Group with the patients of a practice.
 * @param patientIds ids of the members; if undefined, the Group has only their number, with the tag `SUBSETTED`
 * @returns JSON text
 */
export function buildGroupResource(group: PatientGroup, patientIds: readonly string[] | undefined): string {
  const version = groupVersion(group);
  const meta = version && { ...version, lastUpdated: version.lastUpdated.toISOString() };
  const member = patientIds?.map((id) => ({ entity: { reference: `Patient/${id}` } })) ?? [];
  return JSON.stringify({
    resourceType: 'Group',
    id: group.groupId,
    ...(patientIds === undefined ? { meta: withSubsettedTag(meta) } : meta && { meta }),
    active: true,
    type: 'person',
    actual: true,
    name: group.name,
    quantity: group.members,
    ...(member.length === 0 ? {} : { member }),
  });
}
