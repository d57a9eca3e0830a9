import type { Executor } from '../database/index.ts';
import { findByIdentifier } from '../fhir/index.ts';
import { conditionalReference, identifierAsked } from './criteria.ts';
import { ABOUT } from './home.ts';
import { isObject, listOf, textAt } from './json-value.ts';
import { AMBIGUOUS, findName, type Names } from './names.ts';

/**
 * Adds a conditional reference where the patient is given by an identifier only (FHIR R4 references.html#logical). In
 * an Appointment this applies to participants that are declared to be a Patient.
 */
export function withPatientsAsked(resource: unknown): unknown {
  if (!isObject(resource)) return resource;
  let copy: Record<string, unknown> | undefined;
  for (const name of ABOUT) {
    const lookedUp = askedFor(resource[name]);
    if (lookedUp === undefined) continue;
    copy ??= { ...resource };
    copy[name] = lookedUp;
  }
  return copy ?? (resource['resourceType'] === 'Appointment' ? withActorsAsked(resource) : resource);
}

function withActorsAsked(appointment: Record<string, unknown>): Record<string, unknown> {
  const all = listOf(appointment, 'participant');
  const participant = all.map((one) => {
    const actor = isObject(one) && textAt(one['actor'], 'type') === 'Patient' ? askedFor(one['actor']) : undefined;
    return actor === undefined ? one : { ...(one as object), actor };
  });
  return participant.every((one, i) => one === all[i]) ? appointment : { ...appointment, participant };
}

function askedFor(member: unknown): object | undefined {
  if (!isObject(member) || member['reference'] !== undefined) return undefined;
  if ((textAt(member, 'type') ?? 'Patient') !== 'Patient') return undefined;
  const reference = patientAsked(member['identifier']);
  return reference === undefined ? undefined : { reference, ...member };
}

/** undefined when the identifier has no system or no value. */
function patientAsked(identifier: unknown): string | undefined {
  const [system = '', value = ''] = [textAt(identifier, 'system'), textAt(identifier, 'value')];
  if (!`${system}${value}`.isWellFormed()) return undefined;
  const query = `identifier=${encodeURIComponent(system)}|${encodeURIComponent(value)}`;
  return identifierAsked(query) === undefined ? undefined : `Patient?${query}`;
}

/** Whether the reference was derived from an identifier. */
export const isAsked = (reference: Record<string, unknown>): boolean =>
  reference['reference'] === patientAsked(reference['identifier']);

/** Conditional references to the resource's patient that are not resolved yet. */
export function patientsToFind(referenceMap: Names, resource: unknown): readonly string[] {
  if (!isObject(resource)) return [];
  const actors = resource['resourceType'] === 'Appointment' ? listOf(resource, 'participant') : [];
  const subjects = [...ABOUT.map((name) => resource[name]), ...actors.map((one) => Object(one)['actor'] as unknown)];
  return subjects
    .map((one) => textAt(one, 'reference') ?? '')
    .filter((reference) => reference.startsWith('Patient?') && findName(referenceMap, reference) === undefined);
}

/**
 * Looks up patients of the practice by identifier and adds them to the reference map. A patient that isn't found stays
 * unresolved, and an identifier that several patients share becomes ambiguous.
 */
export async function findPatients(
  db: Executor,
  referenceMap: Names,
  references: readonly string[],
  lookedUp: Set<string>,
): Promise<void> {
  for (const reference of references) {
    const identifier = identifierAsked(conditionalReference(reference)?.query ?? '');
    if (identifier === undefined || lookedUp.has(reference)) continue;
    lookedUp.add(reference);
    const [id, ...others] = await findByIdentifier(db, referenceMap.origin.practiceId, 'Patient', identifier);
    if (id !== undefined)
      referenceMap.shared.set(reference, others.length > 0 ? AMBIGUOUS : { type: 'Patient', sourceId: id });
  }
}
