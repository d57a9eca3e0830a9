import { describe, expect, it } from 'vitest';
import { sandboxData } from '../../../test/support/fhir/sandbox.ts';
import type { Resource } from '../../fhir/index.ts';

const sandbox = sandboxData();
const everyone = [...sandbox.patients, ...sandbox.enrollmentPatients];
const everything = [...sandbox.directory, ...everyone.flatMap((person) => person.resources)];

const OBSERVATION = ['status', 'category', 'code', 'subject', 'effectiveDateTime'];
const AVERAGED = ['status', 'category', 'code', 'subject', 'effectivePeriod.start', 'effectivePeriod.end'];
const MEASURED = [
  ...OBSERVATION,
  'valueQuantity.value',
  'valueQuantity.unit',
  'valueQuantity.system',
  'valueQuantity.code',
];
const ANSWERED = [...OBSERVATION, 'valueCodeableConcept.coding.code'];
const CONDITION = [
  'clinicalStatus.coding.code',
  'verificationStatus.coding.code',
  'category.coding.code',
  'code.coding.code',
  'subject.reference',
  'onsetDateTime',
  'recordedDate',
];

/** Elements that each US Core profile requires, and must-support elements that the sandbox always has. */
const REQUIRED_ELEMENTS: Record<string, readonly string[]> = {
  'us-core-patient': [
    'identifier.system',
    'identifier.value',
    'name.family',
    'name.given',
    'telecom.system',
    'telecom.value',
    'gender',
    'birthDate',
    'address.line',
    'address.city',
    'address.state',
    'address.postalCode',
    'communication.language',
    'extension.url',
  ],
  'us-core-practitioner': ['identifier.system', 'identifier.value', 'name.family', 'telecom.value', 'address.city'],
  'us-core-organization': ['identifier.value', 'active', 'name', 'telecom.value', 'address.line'],
  'us-core-location': ['status', 'name', 'telecom.value', 'managingOrganization.reference'],
  'us-core-encounter': [
    'identifier.value',
    'status',
    'class.code',
    'type',
    'subject.reference',
    'participant.type',
    'participant.individual.reference',
    'period.start',
    'location.location.reference',
    'serviceProvider.reference',
  ],
  'us-core-condition-problems-health-concerns': CONDITION,
  'us-core-condition-encounter-diagnosis': [...CONDITION, 'encounter.reference'],
  'us-core-allergyintolerance': ['clinicalStatus', 'verificationStatus', 'code.coding.code', 'patient.reference'],
  'us-core-medication': ['code.coding.code', 'status'],
  'us-core-medicationrequest': [
    'status',
    'intent',
    'category',
    'subject.reference',
    'authoredOn',
    'requester.reference',
    'dosageInstruction.text',
    'dosageInstruction.timing.repeat.frequency',
    'dosageInstruction.doseAndRate.doseQuantity.value',
  ],
  'us-core-immunization': [
    'status',
    'vaccineCode.coding.code',
    'patient.reference',
    'occurrenceDateTime',
    'primarySource',
  ],
  'us-core-documentreference': [
    'identifier',
    'status',
    'type.coding.code',
    'category.coding.code',
    'subject.reference',
    'date',
    'author.reference',
    'content.attachment.contentType',
    'content.attachment.data',
    'content.format.code',
    'context.period.start',
  ],
  'us-core-provenance': [
    'target.reference',
    'recorded',
    'agent.type.coding.code',
    'agent.who.reference',
    'agent.onBehalfOf.reference',
  ],
  'us-core-relatedperson': ['active', 'patient.reference', 'relationship', 'name.family', 'telecom.value'],
  'us-core-observation-lab': OBSERVATION,
  'us-core-observation-clinical-result': OBSERVATION,
  'us-core-blood-pressure': [...OBSERVATION, 'component.code.coding.code', 'component.valueQuantity.value'],
  'us-core-heart-rate': MEASURED,
  'us-core-respiratory-rate': MEASURED,
  'us-core-body-temperature': MEASURED,
  'us-core-body-weight': MEASURED,
  'us-core-body-height': MEASURED,
  'us-core-bmi': MEASURED,
  'us-core-pulse-oximetry': MEASURED,
  'us-core-head-circumference': MEASURED,
  'pediatric-bmi-for-age': MEASURED,
  'pediatric-weight-for-height': MEASURED,
  'head-occipital-frontal-circumference-percentile': MEASURED,
  'us-core-average-blood-pressure': [...AVERAGED, 'component.code.coding.code'],
  'us-core-care-experience-preference': OBSERVATION,
  'us-core-treatment-intervention-preference': OBSERVATION,
  'us-core-observation-adi-documentation': [...OBSERVATION, 'extension.valueReference.reference'],
  'us-core-adi-documentreference': ['type.coding.code', 'category.coding.code', 'content.attachment.data'],
  'us-core-smokingstatus': OBSERVATION,
  'us-core-observation-pregnancystatus': ANSWERED,
  'us-core-observation-screening-assessment': [...OBSERVATION, 'performer.reference'],
  'us-core-simple-observation': [...OBSERVATION, 'performer.reference'],
};

const hasElement = (value: unknown, path: readonly string[]): boolean => {
  const [step, ...rest] = path;
  if (step === undefined) return value !== undefined && value !== '';
  if (Array.isArray(value)) return value.length > 0 && value.some((item) => hasElement(item, path));
  return typeof value === 'object' && value !== null && hasElement((value as Record<string, unknown>)[step], rest);
};

const usCoreProfile = (resource: Resource): string => {
  const claimed = (resource['meta'] as { profile: readonly string[] } | undefined)?.profile ?? [];
  const url = claimed.find((one) => one.includes('/us/core/')) ?? '';
  return url.slice(url.lastIndexOf('/') + 1).replace(/\|.*/, '');
};

type TestIdentifier = { readonly system: string; readonly value: string };
/** Returns the identifiers of a resource as a list. A QuestionnaireResponse has a single identifier, not a list. */
const identifiers = (resource: Resource): readonly TestIdentifier[] =>
  [resource['identifier'] ?? []].flat() as TestIdentifier[];

describe('US Core', () => {
  it('every known profile is claimed, and every type that US Core has a profile for claims one', () => {
    const claimed = new Set(everything.map(usCoreProfile));
    expect(Object.keys(REQUIRED_ELEMENTS).filter((name) => !claimed.has(name))).toEqual([]);
    const without = everything
      .filter((resource) => usCoreProfile(resource) === '')
      .map(({ resourceType }) => resourceType);
    expect([...new Set(without)].sort()).toEqual([
      'Appointment',
      'Endpoint',
      'ExplanationOfBenefit',
      'FamilyMemberHistory',
      'Media',
      'MedicationAdministration',
      'MedicationStatement',
    ]);
  });

  it.each(Object.entries(REQUIRED_ELEMENTS))('%s has its required elements', (profile, paths) => {
    const lacking = everything
      .filter((resource) => usCoreProfile(resource) === profile)
      .flatMap((resource) =>
        resource['dataAbsentReason'] === undefined
          ? paths.filter((path) => !hasElement(resource, path.split('.')))
          : [],
      );
    expect([...new Set(lacking)]).toEqual([]);
  });

  it('us-core-2 and vs-2: an Observation has a value, members, components, or a data-absent-reason', () => {
    const results = everything.filter((resource) => resource.resourceType === 'Observation');
    const hasContent = (resource: Resource) =>
      Object.keys(resource).some((key) => /^(value[A-Z]|component|hasMember|dataAbsentReason)/.test(key));
    expect(results.filter((resource) => !hasContent(resource))).toEqual([]);
  });

  it('a smoking status is a code and an amount is a quantity; each order says whether, or by whom, it was reported', () => {
    const smoking = everything.filter((each) => usCoreProfile(each) === 'us-core-smokingstatus');
    const isStatus = (each: Resource) => JSON.stringify(each['code']).includes('"72166-2"');
    expect(
      smoking.filter(isStatus).filter((each) => !hasElement(each, ['valueCodeableConcept', 'coding', 'code'])),
    ).toEqual([]);
    expect(smoking.filter((each) => !isStatus(each) && !hasElement(each, ['valueQuantity', 'code']))).toEqual([]);
    const orders = everything.filter((each) => usCoreProfile(each) === 'us-core-medicationrequest');
    const reported = (each: Resource) =>
      hasElement(each, ['reportedBoolean']) !== hasElement(each, ['reportedReference', 'reference']);
    expect(orders.filter((each) => !reported(each))).toEqual([]);
  });

  it('con-4: an ended condition is resolved or inactive, and a resolved one has ended', () => {
    const conditions = everything.filter((resource) => resource.resourceType === 'Condition');
    const state = (resource: Resource) => JSON.stringify(resource['clinicalStatus']).includes('"resolved"');
    expect(conditions.filter((each) => state(each) !== (each['abatementDateTime'] !== undefined))).toEqual([]);
  });

  it('us-core-8 of race and ethnicity: the text is always there, codes only if the patient answered', () => {
    const patients = everything.filter((resource) => resource.resourceType === 'Patient');
    const texts = patients.map((each) => JSON.stringify(each['extension']).split('"url":"text"').length - 1);
    expect(texts).toEqual(Array(everyone.length).fill(2));
  });

  it('no identifier is used twice', () => {
    const all = everything.flatMap((each) =>
      identifiers(each).map(({ system, value }) => `${each.resourceType} ${system} ${value}`),
    );
    expect(all.length).toBeGreaterThan(500);
    const patients = sandbox.patients.map((person) =>
      person.resources.flatMap((each) =>
        identifiers(each).map(({ system, value }) => `${each.resourceType} ${system} ${value}`),
      ),
    );
    expect(patients.every((values) => new Set(values).size === values.length)).toBe(true);
  });
});
