import { withSubsettedTag } from '../model/subsetted-tag.ts';
import type { PatientGroup } from './group-store.ts';

/**
 * Returns the version of a Group. FHIR R4 §3.1.0.3: it must change with the content. The members of a group of all patients
 * change with every patient who joins or leaves, which isn't counted, so it has no version. A client therefore can't
 * mistake an old list for the current one.
 */
export const groupVersion = ({ everyone, version, changedAt }: PatientGroup) =>
  everyone ? undefined : { versionId: String(version), lastUpdated: changedAt };

/**
 * Builds a FHIR R4 Group of actual persons.
 * @param patientIds members; undefined gives only their number, with the tag `SUBSETTED`
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
