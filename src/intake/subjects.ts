import type { Executor } from '../database/index.ts';
import { findByIdentifier } from '../fhir/index.ts';
import { conditionalReference, identifierAsked } from './criteria.ts';
import { ABOUT } from './home.ts';
import { isObject, listOf, textAt } from './json-value.ts';
import { AMBIGUOUS, findName, type Names } from './names.ts';

/**
 * A resource whose patient is given by an identifier alone (FHIR R4 references.html#logical), with the conditional
 * reference that asks the same beside it. Of an Appointment it is who comes, if that is said to be a Patient.
 */
export function withPatientsAsked(resource: unknown): unknown {
  if (!isObject(resource)) return resource;
  let copy: Record<string, unknown> | undefined;
  for (const name of ABOUT) {
    const asked = askedFor(resource[name]);
    if (asked === undefined) continue;
    copy ??= { ...resource };
    copy[name] = asked;
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

/** undefined: it lacks what an identifier is looked for by. */
function patientAsked(identifier: unknown): string | undefined {
  const [system = '', value = ''] = [textAt(identifier, 'system'), textAt(identifier, 'value')];
  if (!`${system}${value}`.isWellFormed()) return undefined;
  const query = `identifier=${encodeURIComponent(system)}|${encodeURIComponent(value)}`;
  return identifierAsked(query) === undefined ? undefined : `Patient?${query}`;
}

/** Whether it was an identifier that stood there. */
export const isAsked = (reference: Record<string, unknown>): boolean =>
  reference['reference'] === patientAsked(reference['identifier']);

/** What conditional references of whom it is about are not known yet. */
export function patientsToFind(names: Names, resource: unknown): readonly string[] {
  if (!isObject(resource)) return [];
  const actors = resource['resourceType'] === 'Appointment' ? listOf(resource, 'participant') : [];
  const about = [...ABOUT.map((name) => resource[name]), ...actors.map((one) => Object(one)['actor'] as unknown)];
  return about
    .map((one) => textAt(one, 'reference') ?? '')
    .filter((reference) => reference.startsWith('Patient?') && findName(names, reference) === undefined);
}

/** Teaches the names whom of the practice these are; whom nobody has, or several have, is found by none. */
export async function findPatients(
  db: Executor,
  names: Names,
  references: readonly string[],
  asked: Set<string>,
): Promise<void> {
  for (const reference of references) {
    const identifier = identifierAsked(conditionalReference(reference)?.query ?? '');
    if (identifier === undefined || asked.has(reference)) continue;
    asked.add(reference);
    const [id, ...others] = await findByIdentifier(db, names.origin.practiceId, 'Patient', identifier);
    if (id !== undefined)
      names.shared.set(reference, others.length > 0 ? AMBIGUOUS : { type: 'Patient', sourceId: id });
  }
}
