import { describe, expect, it } from 'vitest';
import { sandboxData } from '../../../test/support/fhir/sandbox.ts';
import type { Resource } from '../../fhir/index.ts';
import { isUuid, sha256 } from '../../kernel/index.ts';
import { generateSandbox, SANDBOX_SEED, sandboxVersion } from './index.ts';

const sandbox = sandboxData();
const second = sandbox.patients.flatMap((person) => person.secondRecord ?? []);
const everything = [
  ...sandbox.directory,
  ...sandbox.patients.flatMap((person) => person.resources),
  ...sandbox.enrollmentPatients.flatMap((person) => person.resources),
  ...sandbox.secondDirectory,
  ...second,
];
/** Patients with shared accounts, and those with whom visitors try enrollment. */
const everyone = [...sandbox.patients, ...sandbox.enrollmentPatients];
const resourceUrl = (resource: Resource): string => `${resource.resourceType}/${resource.id}`;

/** Returns every string stored under a key, at any depth. */
function textsUnder(value: unknown, key: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => textsUnder(item, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === key && typeof inner === 'string' ? [inner] : textsUnder(inner, key),
  );
}

describe('the sandbox is deterministic', () => {
  it('is byte for byte the same for a seed', () => {
    expect(JSON.stringify(generateSandbox({ seed: SANDBOX_SEED }))).toBe(JSON.stringify(sandbox));
  });

  it('is different, with other ids, for another seed', () => {
    const other = generateSandbox({ seed: 'another' });
    const ids = new Set(everything.map((resource) => resource.id));
    expect(other.version).not.toBe(sandbox.version);
    expect(other.patients.some((person) => person.resources.some((resource) => ids.has(resource.id)))).toBe(false);
  });

  it('moves with the given day and keeps everyone at the same age', () => {
    const later = generateSandbox({ seed: SANDBOX_SEED, today: new Date('2028-11-16T07:00:00Z') });
    const born = (people: typeof sandbox.patients) => people[0]?.resources[0]?.['birthDate'];
    expect({ first: born(sandbox.patients), later: born(later.patients) }).toEqual({
      first: '1974-07-07',
      later: '1976-07-07',
    });
    expect(later.version).toBe(sandboxVersion({ seed: SANDBOX_SEED, today: new Date('2028-11-16T07:00:00Z') }));
  });

  it('has a version that was raised when the output last changed', () => {
    // If the digest differs, the generated data has changed: raise VERSION in generate-sandbox.ts, otherwise loaded
    // sandboxes keep the old data, and update both values here.
    expect({
      version: sandbox.version,
      digest: sha256(JSON.stringify(everything)).toString('hex').slice(0, 16),
    }).toEqual({ version: '11-saguaro-2026-11-16', digest: '07eb1d749b82d94c' });
  });
});

describe('the patients', () => {
  it('are twenty-three with unique usernames, and patientapitest is the first', () => {
    const names = sandbox.patients.map((person) => person.username);
    expect(new Set(names).size).toBe(23);
    expect(names[0]).toBe('patientapitest');
    expect(sandbox.patients.every((person) => person.about.length > 20 && person.displayName.includes(' '))).toBe(true);
  });

  it('have one Patient each, and one of them has 5,000 resources or more', () => {
    const patients = sandbox.patients.map((person) =>
      person.resources.filter((each) => each.resourceType === 'Patient'),
    );
    expect(patients.map((list) => list.length)).toEqual(Array(23).fill(1));
    expect(Math.max(...sandbox.patients.map((person) => person.resources.length))).toBeGreaterThanOrEqual(5000);
  });

  it('have only the types of a record and a directory', () => {
    const types = (resources: readonly Resource[]) => [...new Set(resources.map((each) => each.resourceType))].sort();
    expect(types(sandbox.directory)).toEqual([
      'Endpoint',
      'Location',
      'Organization',
      'Practitioner',
      'PractitionerRole',
    ]);
    expect(types(sandbox.patients.flatMap((person) => person.resources))).toEqual([
      'AllergyIntolerance',
      'Appointment',
      'CarePlan',
      'CareTeam',
      'Condition',
      'Coverage',
      'Device',
      'DiagnosticReport',
      'DocumentReference',
      'Encounter',
      'ExplanationOfBenefit',
      'FamilyMemberHistory',
      'Goal',
      'Immunization',
      'Media',
      'Medication',
      'MedicationAdministration',
      'MedicationDispense',
      'MedicationRequest',
      'MedicationStatement',
      'Observation',
      'Patient',
      'Procedure',
      'Provenance',
      'QuestionnaireResponse',
      'RelatedPerson',
      'ServiceRequest',
      'Specimen',
    ]);
  });
});

describe('the patients for enrollment', () => {
  const { enrollmentPatients } = sandbox;

  it('are five who aren’t enrolled, three of them invited, one who declined and one whose account is locked', () => {
    expect(enrollmentPatients.map(({ start }) => start.status)).toEqual([
      'invited',
      'invited',
      'invited',
      'not-enrolled',
      'not-enrolled',
      'declined',
      'locked',
    ]);
  });

  it('have small records, with the birth date, ZIP code and email address that enrollment needs', () => {
    for (const { resources } of enrollmentPatients) {
      expect(resources.length).toBeLessThan(50);
      expect(resources[0]).toMatchObject({
        resourceType: 'Patient',
        birthDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        address: [{ postalCode: expect.stringMatching(/^\d{5}$/) }],
      });
      expect(textsUnder(resources[0]?.['telecom'], 'value').some((value) => value.endsWith('@example.com'))).toBe(true);
    }
  });

  it('have names, ids and medical record numbers of their own', () => {
    const ofAll = (read: (patient: Resource) => unknown) =>
      everyone.map(({ resources }) => read(resources[0] as Resource));
    for (const values of [ofAll(({ id }) => id), ofAll((patient) => JSON.stringify(patient['identifier']))])
      expect(new Set(values).size).toBe(everyone.length);
    expect(new Set(everyone.map(({ displayName }) => displayName)).size).toBe(everyone.length);
  });
});

describe('representatives', () => {
  it('are a mother of two children, who has a record of her own and is named in theirs', () => {
    const acted = sandbox.patients.filter(({ representative }) => representative !== undefined);
    expect(acted.map(({ key, representative }) => [key, representative?.key])).toEqual([
      ['milo', 'claire'],
      ['june', 'claire'],
    ]);
    for (const { resources, representative } of acted) {
      const related = resources.find(({ id }) => id === representative?.relatedPersonId);
      expect(related).toMatchObject({
        resourceType: 'RelatedPerson',
        active: true,
        name: [{ text: 'Claire Meadowlark' }],
      });
    }
  });

  it('the doctor with an account is in the directory', () => {
    const { practitionerId, displayName } = sandbox.staff;
    expect(sandbox.directory.find(({ id }) => id === practitionerId)).toMatchObject({
      resourceType: 'Practitioner',
      name: [{ text: displayName }],
    });
  });
});

/** Reference to the patient that a resource belongs to. An Appointment refers to the patient as a participant. */
function patientReference(resource: Resource): string | undefined {
  const { subject, patient, beneficiary, participant } = resource as Record<
    string,
    { reference?: string } | undefined
  > & {
    participant?: readonly { actor: { reference: string } }[];
  };
  return (subject ?? patient ?? beneficiary)?.reference ?? participant?.[0]?.actor.reference;
}

describe('the second practice', () => {
  const [patient] = second;
  const person = sandbox.patients.find((one) => one.secondRecord !== undefined);

  it('has a record of one patient, with the same name and birth date and with another id and number', () => {
    const [own] = person?.resources ?? [];
    expect(sandbox.patients.filter((one) => one.secondRecord !== undefined).map(({ key }) => key)).toEqual(['maria']);
    expect({ name: patient?.['name'], birthDate: patient?.['birthDate'] }).toEqual({
      name: own?.['name'],
      birthDate: own?.['birthDate'],
    });
    expect(patient?.id).not.toBe(own?.id);
    expect(patient?.['identifier']).toMatchObject([{ system: 'https://heart.sandbox.example.org/mrn' }]);
  });

  it('has a directory of its own, and nothing in it refers to the first practice', () => {
    const known = new Set([...sandbox.secondDirectory, ...second].map(resourceUrl));
    expect(textsUnder([sandbox.secondDirectory, second], 'reference').filter((to) => !known.has(to))).toEqual([]);
    expect(JSON.stringify(second)).not.toContain('Sandbox Family Practice');
  });
});

describe('references', () => {
  const directory = new Set(sandbox.directory.map(resourceUrl));

  it('have ids that are UUIDs and belong to one resource', () => {
    expect(everything.every((resource) => isUuid(resource.id ?? ''))).toBe(true);
    expect(new Set(everything.map((resource) => resource.id)).size).toBe(everything.length);
  });

  it.each(everyone.map((person) => [person.key, person] as const))(
    'of %s stay within the own record or the directory',
    (_, person) => {
      const own = new Set(person.resources.map(resourceUrl));
      const lost = textsUnder(person.resources, 'reference').filter((to) => !own.has(to) && !directory.has(to));
      expect(lost).toEqual([]);
    },
  );

  it('put each resource into the compartment of its own patient', () => {
    for (const { resources } of everyone) {
      const self = `Patient/${resources.find((each) => each.resourceType === 'Patient')?.id}`;
      const others = ['Patient', 'Provenance', 'Medication'];
      const homes = resources.filter((each) => !others.includes(each.resourceType)).map(patientReference);
      expect(new Set(homes)).toEqual(new Set([self]));
    }
  });

  it('of the directory stay in the directory', () => {
    expect(textsUnder(sandbox.directory, 'reference').filter((to) => !directory.has(to))).toEqual([]);
  });

  it('every clinical resource is the target of a Provenance with an author and a transmitter', () => {
    for (const { resources } of everyone) {
      const [provenance, others] = [true, false].map((is) =>
        resources.filter((each) => (each.resourceType === 'Provenance') === is),
      );
      const targets = new Set((provenance ?? []).flatMap((each) => textsUnder(each['target'], 'reference')));
      expect((others ?? []).filter((each) => !targets.has(resourceUrl(each)))).toEqual([]);
      expect(textsUnder(provenance, 'code').filter((code) => code === 'author').length).toBe(provenance?.length);
      expect(textsUnder(provenance, 'code').filter((code) => code === 'transmitter').length).toBe(provenance?.length);
    }
  });
});
