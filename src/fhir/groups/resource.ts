import { subsetted } from '../core/subsetted.ts';
import type { Group } from './store.ts';

/**
 * FHIR R4 §3.1.0.3: a version is another one whenever the content is. A group of everyone has other members with each
 * patient who comes or goes, which nothing counts: it has none, and nobody takes an old list for the present one.
 */
export const versionOf = ({ everyone, version, changedAt }: Group) =>
  everyone ? undefined : { versionId: String(version), lastUpdated: changedAt };

/**
 * FHIR R4 Group: of people, who are there.
 * @param patientIds its members; undefined: they are counted and not listed, and it is tagged as what is not whole
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
