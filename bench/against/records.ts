import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { generatePopulation } from '../../src/sandbox/index.ts';

/**
 * Number of patients of each group, whose given names start with the group's name. `large` have large records, which
 * most paths read. `few` and `many` have equal small records: `few` are read again and again, `many` once each.
 */
export const GROUPS = { large: 20, few: 20, many: 2000 } as const;
export type Group = keyof typeof GROUPS;

/** Number of resources of a `large` patient, enough for a whole page of `$everything?_count=1000`. */
const RECORD_SIZE = 1200;
/** Number of laboratory Observations in a small record. */
const SMALL_RECORD_SIZE = 10;

// biome-ignore lint/suspicious/noExplicitAny: Resources are generated data, copied and changed here.
type Resource = any;

export const givenName = (group: Group, number: number): string => `${group}${String(number).padStart(5, '0')}`;

/** Finds the group of a patient by the name that a server prints. */
export const groupOf = (name: string): Group | undefined =>
  (Object.keys(GROUPS) as Group[]).find((group) => new RegExp(`\\b${group}\\d{5}\\b`).test(name));

/** Writes the records of all groups to an NDJSON file. Each run writes the same bytes. */
export function writeRecords(file: string): void {
  const generated: Resource[] = [...generatePopulation('against', GROUPS.large)];
  const patients = generated.filter(({ resourceType }) => resourceType === 'Patient');
  const [patient] = patients;
  const results = generated.filter(isLaboratoryResult);
  patients.forEach((one, number) => {
    rename(one, givenName('large', number));
  });
  const all = [...generated];
  for (const one of patients) all.push(...additionalResults(one, generated, results));
  for (const group of ['few', 'many'] as const) {
    for (let number = 0; number < GROUPS[group]; number += 1) {
      const other = otherPatient(patient, givenName(group, number));
      all.push(other, ...takeResults(results, other, SMALL_RECORD_SIZE));
    }
  }
  writeFileSync(file, all.map((resource) => `${JSON.stringify(resource)}\n`).join(''));
}

/** Patients who get the Observations of Bundles. */
const INTAKE_PATIENTS = Array.from({ length: 64 }, (_, number) => `intake-${number}`);

const toBundle = (resources: readonly Resource[]): string =>
  JSON.stringify({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })),
  });

/** The Bundle that creates the patients of `createIntakeBundles`. */
export function intakePatients(): string {
  const [patient] = [...generatePopulation('against', 1)].filter(({ resourceType }) => resourceType === 'Patient');
  const { managingOrganization: _organization, generalPractitioner: _practitioner, ...other }: Resource = patient;
  return toBundle(
    INTAKE_PATIENTS.map((id) => {
      const one = structuredClone({ ...other, id });
      rename(one, id);
      return one;
    }),
  );
}

/** Makes Bundles of 100 new laboratory Observations. No two of a run have an id in common. */
export function createIntakeBundles(): (count: number) => readonly string[] {
  const [sample]: Resource[] = [...generatePopulation('against', 1)].filter(isLaboratoryResult);
  const { encounter: _encounter, specimen: _specimen, performer: _performer, ...result } = sample;
  let made = 0;
  const observation = (): Resource => {
    made += 1;
    return {
      ...result,
      id: `result-${made}`,
      subject: { reference: `Patient/${INTAKE_PATIENTS[made % INTAKE_PATIENTS.length]}` },
      effectiveDateTime: new Date(Date.UTC(2020, 0, 1) + made * 60_000).toISOString(),
      valueQuantity: { ...result.valueQuantity, value: 70 + (made % 60) },
    };
  };
  return (count) => Array.from({ length: count }, () => toBundle(Array.from({ length: 100 }, observation)));
}

const feedPatient = (number: number): string => uuid(`feed ${number}`);

/** A Bundle that creates patients of `createResultBundles`. */
export function createPatientBundle(count: number): string {
  const [patient] = [...generatePopulation('against', 1)].filter(({ resourceType }) => resourceType === 'Patient');
  const { managingOrganization: _organization, generalPractitioner: _practitioner, ...other }: Resource = patient;
  return toBundle(
    Array.from({ length: count }, (_, number) => {
      const one = structuredClone({ ...other, id: feedPatient(number) });
      rename(one, `feed-${number}`);
      return one;
    }),
  );
}

let resultsMade = 0;

/**
 * Makes Bundles of new laboratory Observations for some of the patients of `createPatientBundle`.
 * @param first number of the first patient
 */
export function createResultBundles(first: number, patients: number, size: number): () => string {
  const [sample]: Resource[] = [...generatePopulation('against', 1)].filter(isLaboratoryResult);
  const { encounter: _encounter, specimen: _specimen, performer: _performer, ...result } = sample;
  const observation = (): Resource => {
    resultsMade += 1;
    return {
      ...result,
      id: `result-${process.pid}-${resultsMade}`,
      subject: { reference: `Patient/${feedPatient(first + (resultsMade % patients))}` },
      effectiveDateTime: new Date(Date.UTC(2020, 0, 1) + resultsMade * 60_000).toISOString(),
      valueQuantity: { ...result.valueQuantity, value: 70 + (resultsMade % 60) },
    };
  };
  return () => toBundle(Array.from({ length: size }, observation));
}

const isLaboratoryResult = (resource: Resource): boolean =>
  resource.resourceType === 'Observation' &&
  resource.valueQuantity !== undefined &&
  JSON.stringify(resource.category).includes('"laboratory"');

function additionalResults(patient: Resource, generated: readonly Resource[], results: readonly Resource[]) {
  const reference = `Patient/${patient.id}`;
  const own = generated.filter(({ subject, patient: of }) => (subject ?? of)?.reference === reference).length;
  return takeResults(results, patient, Math.max(SMALL_RECORD_SIZE, RECORD_SIZE - own));
}

/** Copies results for a patient, with dates of their own. */
function takeResults(results: readonly Resource[], patient: Resource, count: number): Resource[] {
  return Array.from({ length: count }, (_, number) => {
    const { encounter: _encounter, specimen: _specimen, ...result } = results[number % results.length];
    return {
      ...result,
      id: uuid(`${patient.id} ${number}`),
      subject: { reference: `Patient/${patient.id}` },
      effectiveDateTime: new Date(Date.UTC(2020, 0, 1) + number * 86_400_000).toISOString(),
    };
  });
}

function otherPatient(patient: Resource, given: string): Resource {
  const other = structuredClone(patient);
  other.id = uuid(given);
  rename(other, given);
  return other;
}

function rename(patient: Resource, given: string): void {
  patient.name = [{ use: 'official', family: 'Bench', given: [given] }];
  patient.identifier = [{ system: 'https://bench.example/mrn', value: given }];
}

function uuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
