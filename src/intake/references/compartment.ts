import { isObject, itemsAt, textAt } from '../../kernel/index.ts';
import { AMBIGUOUS, type ReferenceMap, resolveName, type SourceResourceKey } from './reference-map.ts';

/**
 * Id of the patient whose record a resource belongs to, as the source system uses it, or the reason why there is none.
 */
export type CompartmentResult = { readonly patient: string } | { readonly error: string };

/**
 * Elements that name the patient whom a resource is about. Authors, performers and asserters don't count. An
 * Appointment belongs to the patient who participates.
 */
export const SUBJECT_FIELDS: readonly string[] = ['subject', 'patient', 'beneficiary'];

/**
 * Patients of the resources that were prepared so far. They are needed to find the patient of a Provenance, which is
 * the patient of its targets. All ids are the ones that the source system uses.
 */
export interface CompartmentMap {
  /** Patient of each resource that was prepared so far, by the key of the resource. */
  readonly patients: Map<string, string>;
  /** For each Patient whose record was merged into another one: the Patient whose record remains. */
  readonly joined: Map<string, string>;
}

export const newCompartmentMap = (): CompartmentMap => ({ patients: new Map(), joined: new Map() });

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
  if (found.includes(AMBIGUOUS)) return { error: AMBIGUOUS_SUBJECT };
  if (patient === undefined) return { error: missingPatientReason(resource, key) };
  return second === undefined ? { patient } : { error: TWO_PATIENTS };
}

function missingPatientReason(resource: unknown, { type }: SourceResourceKey): string {
  if (type === 'Provenance') return UNKNOWN_TARGET;
  return findSubjectField(resource) === undefined ? NO_PATIENT : UNRESOLVED_SUBJECT;
}

/** Returns the name of the element that says which patient a resource is about. Returns undefined if there is none. */
export const findSubjectField = (resource: unknown): string | undefined =>
  SUBJECT_FIELDS.find((name) => isObject(resource) && resource[name] !== undefined);

export const AMBIGUOUS_SUBJECT =
  'The reference to the patient is ambiguous: two resources of this input, or of the practice, match it. Refer by type and id.';
export const UNKNOWN_TARGET = 'None of the targets is in a known record.';
export const NO_PATIENT = 'The resource does not name its patient.';
export const UNRESOLVED_SUBJECT =
  'The patient of this resource was not found. Refer to the Patient as Patient/id, by the fullUrl of an entry, as Patient?identifier=system|value, or by an identifier with system and value.';
export const TWO_PATIENTS =
  'The resource refers to two patients. Storing it would add the data of one to the record of the other.';

/** Records the patient of a resource. If a resource was assigned to two patients, it belongs to neither. */
export function recordCompartment({ patients }: CompartmentMap, key: SourceResourceKey, patient: string): void {
  const name = compartmentKey(key);
  const before = patients.get(name);
  patients.set(name, before === undefined || before === patient ? patient : AMBIGUOUS);
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
    references.map((text) =>
      resolvePatient(text, referenceMap, (key) => compartments?.patients.get(compartmentKey(key))),
    ),
  );
  return found.length < 2
    ? found
    : distinctValues(found.map((patient) => compartments?.joined.get(patient) ?? patient));
}

/**
 * Returns the patient that a reference leads to.
 * @param other returns the patient of a resource that isn't a Patient
 */
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
