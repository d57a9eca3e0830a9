import { isObject, itemsAt, textAt } from '../../kernel/index.ts';
import { AMBIGUOUS, type ReferenceMap, resolveName, type SourceResourceKey } from './reference-map.ts';

/** Patient whose record a resource belongs to, by the source's id, or the reason why there is none. */
export type CompartmentResult = { readonly patient: string } | { readonly fault: string };

/**
 * Fields that name the patient a resource is about, never its author, performer or asserter. An Appointment belongs to
 * the participating patient.
 */
export const SUBJECT_FIELDS: readonly string[] = ['subject', 'patient', 'beneficiary'];

/** Patients of known resources, needed for resources about resources. All ids are the source's. */
export interface CompartmentMap {
  /** Patient of each resource seen so far. */
  readonly known: Map<string, string>;
  /** For each merged Patient, the one whose record remains. */
  readonly joined: Map<string, string>;
}

export const newCompartmentMap = (): CompartmentMap => ({ known: new Map(), joined: new Map() });

export function findCompartment(
  resource: unknown,
  key: SourceResourceKey,
  referenceMap: ReferenceMap,
  compartments: CompartmentMap | undefined,
): CompartmentResult {
  if (key.type === 'Patient') return { patient: key.sourceId };
  const found =
    key.type === 'Provenance'
      ? findTargetPatients(resource, referenceMap, compartments)
      : findSubjectPatients(resource, key.type, referenceMap);
  const [patient, second] = found;
  if (found.includes(AMBIGUOUS)) return { fault: AMBIGUOUS_SUBJECT };
  if (patient === undefined) return { fault: missingPatientReason(resource, key) };
  return second === undefined ? { patient } : { fault: TWO_PATIENTS };
}

function missingPatientReason(resource: unknown, { type }: SourceResourceKey): string {
  if (type === 'Provenance') return UNKNOWN_TARGET;
  return findSubjectField(resource) === undefined ? NO_PATIENT : UNRESOLVED_SUBJECT;
}

/** Name of the field that says which patient the resource is about, if there is one. */
export const findSubjectField = (resource: unknown): string | undefined =>
  SUBJECT_FIELDS.find((name) => isObject(resource) && resource[name] !== undefined);

export const AMBIGUOUS_SUBJECT =
  'The reference to what it is about is ambiguous: two resources of this input, or of the practice, have that name. Refer to it by type and id.';
export const UNKNOWN_TARGET = 'None of its targets is in a known record.';
const NO_PATIENT = 'It does not say which patient it is about.';
export const UNRESOLVED_SUBJECT =
  'What it is about is no Patient that can be found. Refer to one as Patient/id, by the fullUrl of an entry, as Patient?identifier=system|value, or by an identifier with system and value.';
export const TWO_PATIENTS = 'It is about two patients: it would put the data of one in the record of the other.';

/** Records the patient of a resource. A resource that was assigned to two patients belongs to neither. */
export function recordCompartment({ known }: CompartmentMap, key: SourceResourceKey, patient: string): void {
  const name = compartmentKey(key);
  const before = known.get(name);
  known.set(name, before === undefined || before === patient ? patient : AMBIGUOUS);
}

const compartmentKey = ({ type, sourceId }: SourceResourceKey): string => `${type}/${sourceId}`;

function findSubjectPatients(resource: unknown, type: string, referenceMap: ReferenceMap): readonly string[] {
  const members = isObject(resource) ? resource : {};
  const participants = type === 'Appointment' ? itemsAt(resource, 'participant').filter(isObject) : [];
  const subjects = [...SUBJECT_FIELDS.map((name) => members[name]), ...participants.map(({ actor }) => actor)];
  const references = subjects.map((one) => textAt(one, 'reference'));
  return distinctValues(references.map((text) => resolvePatient(text, referenceMap, () => undefined)));
}

function findTargetPatients(
  resource: unknown,
  referenceMap: ReferenceMap,
  compartments: CompartmentMap | undefined,
): readonly string[] {
  const references = itemsAt(resource, 'target').map((target) => textAt(target, 'reference'));
  const found = distinctValues(
    references.map((text) => resolvePatient(text, referenceMap, (key) => compartments?.known.get(compartmentKey(key)))),
  );
  return found.length < 2
    ? found
    : distinctValues(found.map((patient) => compartments?.joined.get(patient) ?? patient));
}

/** @param other returns the patient of a resource that isn't a Patient */
function resolvePatient(
  reference: string | undefined,
  referenceMap: ReferenceMap,
  other: (key: SourceResourceKey) => string | undefined,
): string | undefined {
  const key = reference === undefined ? undefined : resolveName(referenceMap, reference);
  if (key === undefined || key === AMBIGUOUS) return key;
  return key.type === 'Patient' ? key.sourceId : other(key);
}

const distinctValues = (values: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(values.filter((value) => value !== undefined)),
];
