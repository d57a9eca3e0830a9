import type { Resource } from '../../src/fhir/core/version.ts';
import { CARE } from './full-care.ts';
import { FINDINGS } from './full-findings.ts';
import {
  address,
  concept,
  identifier,
  local,
  mg,
  name,
  note,
  patient,
  practitioner,
  referenceRange,
  span,
  TERMINOLOGY,
  telecom,
  variant,
  years,
} from './full-parts.ts';
import { TREATMENT } from './full-treatment.ts';

/**
 * Resources with every element of R4, and variants of them for each type of a choice and for elements that exclude each
 * other. All are visible in DSTU2.
 */
const fullPatient: Resource = {
  resourceType: 'Patient',
  id: 'p',
  identifier,
  active: true,
  name: [name],
  telecom,
  gender: 'female',
  birthDate: '1980-05-06',
  deceasedBoolean: false,
  address: [address],
  maritalStatus: concept(`${TERMINOLOGY}/v3-MaritalStatus`, 'M'),
  multipleBirthInteger: 2,
  photo: [
    {
      contentType: 'image/png',
      language: 'en',
      data: 'aGk=',
      url: 'https://example.org/p.png',
      size: 2,
      hash: 'aGk=',
      title: 'photo',
      creation: '2020-01-01',
    },
  ],
  contact: [
    {
      relationship: [concept(`${TERMINOLOGY}/v2-0131`, 'C')],
      name,
      telecom,
      address,
      gender: 'male',
      organization: { reference: 'Organization/o' },
      period: span,
    },
  ],
  communication: [{ language: concept('urn:ietf:bcp:47', 'en'), preferred: true }],
  generalPractitioner: [practitioner],
  managingOrganization: { reference: 'Organization/o' },
  link: [{ other: { reference: 'Patient/q' }, type: 'refer' }],
};

const fullObservation: Resource = {
  resourceType: 'Observation',
  id: 'o',
  identifier,
  basedOn: [{ reference: 'ServiceRequest/s' }],
  partOf: [{ reference: 'Procedure/x' }],
  status: 'final',
  category: [concept(`${TERMINOLOGY}/observation-category`, 'vital-signs')],
  code: concept('http://loinc.org', '8867-4'),
  subject: patient,
  focus: [patient],
  encounter: { reference: 'Encounter/e' },
  effectiveDateTime: '2020-01-01T10:00:00Z',
  issued: '2020-01-02T10:00:00Z',
  performer: [practitioner],
  valueQuantity: mg(1),
  interpretation: [concept(`${TERMINOLOGY}/v3-ObservationInterpretation`, 'H')],
  note,
  bodySite: local('arm'),
  method: local('by hand'),
  specimen: { reference: 'Specimen/x' },
  device: { reference: 'Device/x' },
  referenceRange,
  hasMember: [{ reference: 'Observation/a' }],
  derivedFrom: [{ reference: 'Observation/b' }],
  component: [
    {
      code: local('part'),
      valueQuantity: mg(3),
      interpretation: [concept(`${TERMINOLOGY}/v3-ObservationInterpretation`, 'L')],
      referenceRange,
    },
    { code: local('absent'), dataAbsentReason: concept(`${TERMINOLOGY}/data-absent-reason`, 'not-asked') },
  ],
};

const fullCondition: Resource = {
  resourceType: 'Condition',
  id: 'c',
  identifier,
  clinicalStatus: concept(`${TERMINOLOGY}/condition-clinical`, 'active'),
  verificationStatus: concept(`${TERMINOLOGY}/condition-ver-status`, 'confirmed'),
  category: [concept(`${TERMINOLOGY}/condition-category`, 'problem-list-item')],
  severity: local('severe'),
  code: concept('http://snomed.info/sct', '38341003'),
  bodySite: [local('arm')],
  subject: patient,
  encounter: { reference: 'Encounter/e' },
  onsetDateTime: '2010-01',
  abatementDateTime: '2011',
  recordedDate: '2010-02-03T04:05:06Z',
  recorder: practitioner,
  asserter: patient,
  stage: [
    { summary: local('I'), assessment: [{ reference: 'Observation/a' }], type: local('clinical') },
    { summary: local('II') },
  ],
  evidence: [{ code: [local('cough'), local('fever')], detail: [{ reference: 'Observation/a' }] }],
  note,
};

const fullAllergy: Resource = {
  resourceType: 'AllergyIntolerance',
  id: 'a',
  identifier,
  clinicalStatus: concept(`${TERMINOLOGY}/allergyintolerance-clinical`, 'active'),
  verificationStatus: concept(`${TERMINOLOGY}/allergyintolerance-verification`, 'confirmed'),
  type: 'allergy',
  category: ['food', 'medication'],
  criticality: 'high',
  code: concept('http://snomed.info/sct', '91935009'),
  patient,
  encounter: { reference: 'Encounter/e' },
  onsetDateTime: '2000',
  recordedDate: '2001-02-03',
  recorder: practitioner,
  asserter: { reference: 'RelatedPerson/r' },
  lastOccurrence: '2019-01-01',
  note,
  reaction: [
    {
      substance: local('peanut'),
      manifestation: [local('hives')],
      description: 'hives',
      onset: '2019-01-01',
      severity: 'moderate',
      exposureRoute: local('oral'),
      note,
    },
  ],
};

const fullRequest: Resource = {
  resourceType: 'MedicationRequest',
  id: 'm',
  identifier,
  status: 'stopped',
  statusReason: local('side effects'),
  intent: 'order',
  category: [local('community')],
  priority: 'routine',
  doNotPerform: false,
  reportedBoolean: false,
  medicationCodeableConcept: concept('http://www.nlm.nih.gov/research/umls/rxnorm', '243670'),
  subject: patient,
  encounter: { reference: 'Encounter/e' },
  supportingInformation: [{ reference: 'Observation/a' }],
  authoredOn: '2020-01-01T10:00:00Z',
  requester: practitioner,
  performer: practitioner,
  performerType: local('nurse'),
  recorder: practitioner,
  reasonCode: [local('pain'), local('fever')],
  instantiatesCanonical: ['https://example.org/plan'],
  instantiatesUri: ['https://example.org/plan'],
  basedOn: [{ reference: 'CarePlan/x' }],
  groupIdentifier: identifier[0],
  courseOfTherapyType: local('acute'),
  insurance: [{ reference: 'Coverage/x' }],
  note,
  dosageInstruction: [
    {
      sequence: 1,
      text: '1 tablet',
      additionalInstruction: [local('with food'), local('with water')],
      patientInstruction: 'Take it in the morning.',
      timing: {
        event: ['2020-01-01'],
        repeat: {
          boundsDuration: { value: 10, unit: 'days', system: 'http://unitsofmeasure.org', code: 'd' },
          count: 3,
          countMax: 4,
          duration: 1,
          durationMax: 2,
          durationUnit: 'h',
          frequency: 1,
          frequencyMax: 2,
          period: 1,
          periodMax: 2,
          periodUnit: 'd',
          dayOfWeek: ['mon'],
          timeOfDay: ['08:00:00'],
          offset: 10,
        },
        code: concept(`${TERMINOLOGY}/v3-GTSAbbreviation`, 'BID'),
      },
      asNeededBoolean: false,
      site: local('arm'),
      route: local('oral'),
      method: local('swallow'),
      doseAndRate: [
        { type: local('ordered'), doseQuantity: mg(81), rateRatio: { numerator: mg(1), denominator: years(1) } },
      ],
      maxDosePerPeriod: { numerator: mg(100), denominator: years(1) },
      maxDosePerAdministration: mg(100),
      maxDosePerLifetime: mg(1000),
    },
  ],
  dispenseRequest: {
    initialFill: { quantity: mg(1) },
    dispenseInterval: years(1),
    validityPeriod: span,
    numberOfRepeatsAllowed: 3,
    quantity: mg(30),
    expectedSupplyDuration: years(1),
    performer: { reference: 'Organization/o' },
  },
  substitution: { allowedBoolean: true, reason: local('formulary') },
  priorPrescription: { reference: 'MedicationRequest/before' },
  detectedIssue: [{ reference: 'DetectedIssue/x' }],
  eventHistory: [{ reference: 'Provenance/x' }],
};

const fullMedication: Resource = {
  resourceType: 'Medication',
  id: 'med',
  identifier,
  code: concept('http://www.nlm.nih.gov/research/umls/rxnorm', '243670'),
  status: 'active',
  manufacturer: { reference: 'Organization/o' },
  form: local('tablet'),
  amount: { numerator: mg(100), denominator: mg(1) },
  ingredient: [
    {
      itemCodeableConcept: concept('http://www.nlm.nih.gov/research/umls/rxnorm', '1191'),
      isActive: true,
      strength: { numerator: mg(81), denominator: mg(100) },
    },
  ],
  batch: { lotNumber: '9494788', expirationDate: '2027-05-22' },
};

/** The parts of a repetition that DSTU2 can express. */
const repeat = {
  boundsDuration: { value: 10, unit: 'days', system: 'http://unitsofmeasure.org', code: 'd' },
  count: 3,
  duration: 1,
  durationMax: 2,
  durationUnit: 'h',
  frequency: 1,
  frequencyMax: 2,
  period: 1,
  periodMax: 2,
  periodUnit: 'd',
};
const plan = [
  { sequence: 1, timing: { repeat }, asNeededCodeableConcept: local('pain'), doseAndRate: [{ doseQuantity: mg(2) }] },
  { sequence: 2, timing: { repeat: { boundsPeriod: span, when: ['HS'] } }, doseAndRate: [{ doseQuantity: mg(1) }] },
];

const withValue = (added: Readonly<Record<string, unknown>>): Resource => ({
  ...variant(fullObservation, ['valueQuantity'], added),
  component: [{ code: local('part'), ...added }],
});

export const FULL: Readonly<Record<string, readonly Resource[]>> = {
  Patient: [
    fullPatient,
    variant(fullPatient, ['deceasedBoolean', 'multipleBirthInteger'], {
      deceasedDateTime: '2021-02-03',
      multipleBirthBoolean: true,
    }),
  ],
  Observation: [
    fullObservation,
    variant(fullObservation, ['valueQuantity'], {
      dataAbsentReason: concept(`${TERMINOLOGY}/data-absent-reason`, 'asked-unknown'),
    }),
    variant(fullObservation, ['effectiveDateTime'], { effectivePeriod: span }),
    variant(fullObservation, ['effectiveDateTime'], { effectiveInstant: '2020-01-01T10:00:00Z' }),
    withValue({ valueCodeableConcept: local('positive') }),
    withValue({ valueString: 'clear' }),
    withValue({ valueBoolean: true }),
    withValue({ valueInteger: 3 }),
    withValue({ valueRange: { low: mg(1), high: mg(2) } }),
    withValue({ valueRatio: { numerator: mg(1), denominator: mg(2) } }),
    withValue({
      valueSampledData: {
        origin: mg(0),
        period: 10,
        factor: 1,
        lowerLimit: 0,
        upperLimit: 9,
        dimensions: 1,
        data: '1 2 E',
      },
    }),
    withValue({ valueTime: '10:00:00' }),
    withValue({ valueDateTime: '2020' }),
    withValue({ valuePeriod: span }),
  ],
  Condition: [
    fullCondition,
    variant(fullCondition, ['onsetDateTime', 'abatementDateTime'], { onsetAge: years(30), abatementAge: years(31) }),
    variant(fullCondition, ['onsetDateTime', 'abatementDateTime'], { onsetPeriod: span, abatementPeriod: span }),
    variant(fullCondition, ['onsetDateTime', 'abatementDateTime'], {
      onsetRange: { low: years(1), high: years(2) },
      abatementRange: { low: years(3), high: years(4) },
    }),
    variant(fullCondition, ['onsetDateTime', 'abatementDateTime'], { onsetString: 'young', abatementString: 'later' }),
  ],
  AllergyIntolerance: [
    fullAllergy,
    variant(fullAllergy, ['onsetDateTime'], {
      onsetPeriod: span,
      clinicalStatus: concept(`${TERMINOLOGY}/allergyintolerance-clinical`, 'resolved'),
    }),
  ],
  MedicationRequest: [
    fullRequest,
    variant(fullRequest, ['medicationCodeableConcept', 'reasonCode'], {
      medicationReference: { reference: 'Medication/x' },
      reasonReference: [{ reference: 'Observation/a' }, { reference: 'Condition/c' }],
      substitution: { allowedCodeableConcept: local('F') },
      dosageInstruction: plan,
    }),
  ],
  Medication: [
    fullMedication,
    variant(fullMedication, ['status'], { ingredient: [{ itemReference: { reference: 'Medication/x' } }] }),
  ],
  ...CARE,
  ...FINDINGS,
  ...TREATMENT,
};
