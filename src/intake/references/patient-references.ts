import type { Executor } from '../../database/index.ts';
import { findIdsByIdentifier } from '../../fhir/index.ts';
import { isObject, itemsAt, textAt } from '../../kernel/index.ts';
import { SUBJECT_FIELDS } from './compartment.ts';
import { parseConditionalReference, parseIdentifierCondition } from './identifier-condition.ts';
import { AMBIGUOUS, type ReferenceMap, resolveName } from './reference-map.ts';

/**
 * Adds a conditional reference where a resource names its patient by an identifier only (FHIR R4
 * references.html#logical). In an Appointment, it does so for participants that are declared to be a Patient.
 */
export function addPatientReferences(resource: unknown): unknown {
  if (!isObject(resource)) return resource;
  let copy: Record<string, unknown> | undefined;
  for (const name of SUBJECT_FIELDS) {
    const lookedUp = toConditionalReference(resource[name]);
    if (lookedUp === undefined) continue;
    copy ??= { ...resource };
    copy[name] = lookedUp;
  }
  return copy ?? (resource['resourceType'] === 'Appointment' ? addActorReferences(resource) : resource);
}

function addActorReferences(appointment: Record<string, unknown>): Record<string, unknown> {
  const all = itemsAt(appointment, 'participant');
  const participant = all.map((one) => {
    const actor =
      isObject(one) && textAt(one['actor'], 'type') === 'Patient' ? toConditionalReference(one['actor']) : undefined;
    return actor === undefined ? one : { ...(one as object), actor };
  });
  return participant.every((one, i) => one === all[i]) ? appointment : { ...appointment, participant };
}

function toConditionalReference(member: unknown): object | undefined {
  if (!isObject(member) || member['reference'] !== undefined) return undefined;
  if ((textAt(member, 'type') ?? 'Patient') !== 'Patient') return undefined;
  const reference = patientCondition(member['identifier']);
  return reference === undefined ? undefined : { reference, ...member };
}

/**
 * Returns a conditional reference for an identifier of a Patient. Returns undefined if the identifier has no system or
 * no value.
 */
function patientCondition(identifier: unknown): string | undefined {
  const [system = '', value = ''] = [textAt(identifier, 'system'), textAt(identifier, 'value')];
  if (!`${system}${value}`.isWellFormed()) return undefined;
  const query = `identifier=${encodeURIComponent(system)}|${encodeURIComponent(value)}`;
  return parseIdentifierCondition(query) === undefined ? undefined : `Patient?${query}`;
}

/** Whether a reference was derived from the identifier beside it. */
export const isFromIdentifier = (reference: Record<string, unknown>): boolean =>
  reference['reference'] === patientCondition(reference['identifier']);

/**
 * Returns those conditional references from a resource to its patient that can't be resolved with the reference map.
 */
export function findUnresolvedPatients(referenceMap: ReferenceMap, resource: unknown): readonly string[] {
  if (!isObject(resource)) return [];
  const actors = resource['resourceType'] === 'Appointment' ? itemsAt(resource, 'participant') : [];
  const subjects = [
    ...SUBJECT_FIELDS.map((name) => resource[name]),
    ...actors.map((one) => Object(one)['actor'] as unknown),
  ];
  return subjects
    .map((one) => textAt(one, 'reference') ?? '')
    .filter((reference) => reference.startsWith('Patient?') && resolveName(referenceMap, reference) === undefined);
}

/**
 * Looks up patients of the practice by identifier and adds them to the reference map. A patient that isn't found stays
 * unresolved. An identifier that several patients have becomes ambiguous.
 */
export async function resolvePatients(
  db: Executor,
  referenceMap: ReferenceMap,
  references: readonly string[],
  lookedUp: Set<string>,
): Promise<void> {
  for (const reference of references) {
    const identifier = parseIdentifierCondition(parseConditionalReference(reference)?.query ?? '');
    if (identifier === undefined || lookedUp.has(reference)) continue;
    lookedUp.add(reference);
    const [id, ...others] = await findIdsByIdentifier(db, referenceMap.origin.practiceId, 'Patient', identifier);
    if (id !== undefined)
      referenceMap.shared.set(reference, others.length > 0 ? AMBIGUOUS : { type: 'Patient', sourceId: id });
  }
}
