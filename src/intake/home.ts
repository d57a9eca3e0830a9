import { isObject, listOf, textAt } from './json-value.ts';
import { AMBIGUOUS, findName, type Names, type SourceKey } from './names.ts';

/** Patient whose record a resource belongs to, by the source's id, or the reason why there is none. */
export type Home = { readonly patient: string } | { readonly fault: string };

/**
 * Fields that name the patient a resource is about, never its author, performer or asserter. An Appointment belongs to
 * the participating patient.
 */
export const ABOUT: readonly string[] = ['subject', 'patient', 'beneficiary'];

/** Patients of known resources, needed for resources about resources. All ids are the source's. */
export interface Homes {
  /** Patient of each resource seen so far. */
  readonly known: Map<string, string>;
  /** For each merged Patient, the one whose record remains. */
  readonly joined: Map<string, string>;
}

export const noHomes = (): Homes => ({ known: new Map(), joined: new Map() });

export function homeOf(resource: unknown, key: SourceKey, referenceMap: Names, compartments: Homes | undefined): Home {
  if (key.type === 'Patient') return { patient: key.sourceId };
  const found =
    key.type === 'Provenance'
      ? ofTargets(resource, referenceMap, compartments)
      : ofSubject(resource, key.type, referenceMap);
  const [patient, second] = found;
  if (found.includes(AMBIGUOUS)) return { fault: UNCLEAR };
  if (patient === undefined) return { fault: noneOf(resource, key) };
  return second === undefined ? { patient } : { fault: TWO_PATIENTS };
}

function noneOf(resource: unknown, { type }: SourceKey): string {
  if (type === 'Provenance') return NO_TARGET;
  return aboutMember(resource) === undefined ? NO_PATIENT : NOT_FOLLOWED;
}

/** Name of the field that says which patient the resource is about, if there is one. */
export const aboutMember = (resource: unknown): string | undefined =>
  ABOUT.find((name) => isObject(resource) && resource[name] !== undefined);

export const UNCLEAR =
  'The reference to what it is about is ambiguous: two resources of this input, or of the practice, have that name. Refer to it by type and id.';
export const NO_TARGET = 'None of its targets is in a known record.';
const NO_PATIENT = 'It does not say which patient it is about.';
export const NOT_FOLLOWED =
  'What it is about is no Patient that can be found. Refer to one as Patient/id, by the fullUrl of an entry, as Patient?identifier=system|value, or by an identifier with system and value.';
export const TWO_PATIENTS = 'It is about two patients: it would put the data of one in the record of the other.';

/** Records the patient of a resource. A resource that was assigned to two patients belongs to neither. */
export function rememberHome({ known }: Homes, key: SourceKey, patient: string): void {
  const name = homeKey(key);
  const before = known.get(name);
  known.set(name, before === undefined || before === patient ? patient : AMBIGUOUS);
}

const homeKey = ({ type, sourceId }: SourceKey): string => `${type}/${sourceId}`;

function ofSubject(resource: unknown, type: string, referenceMap: Names): readonly string[] {
  const members = isObject(resource) ? resource : {};
  const participants = type === 'Appointment' ? listOf(resource, 'participant').filter(isObject) : [];
  const subjects = [...ABOUT.map((name) => members[name]), ...participants.map(({ actor }) => actor)];
  const references = subjects.map((one) => textAt(one, 'reference'));
  return distinct(references.map((text) => patientOf(text, referenceMap, () => undefined)));
}

function ofTargets(resource: unknown, referenceMap: Names, compartments: Homes | undefined): readonly string[] {
  const references = listOf(resource, 'target').map((target) => textAt(target, 'reference'));
  const found = distinct(
    references.map((text) => patientOf(text, referenceMap, (key) => compartments?.known.get(homeKey(key)))),
  );
  return found.length < 2 ? found : distinct(found.map((patient) => compartments?.joined.get(patient) ?? patient));
}

/** @param other returns the patient of a resource that isn't a Patient */
function patientOf(
  reference: string | undefined,
  referenceMap: Names,
  other: (key: SourceKey) => string | undefined,
): string | undefined {
  const key = reference === undefined ? undefined : findName(referenceMap, reference);
  if (key === undefined || key === AMBIGUOUS) return key;
  return key.type === 'Patient' ? key.sourceId : other(key);
}

const distinct = (values: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(values.filter((value) => value !== undefined)),
];
