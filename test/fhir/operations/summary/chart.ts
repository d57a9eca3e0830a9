import type { Resource } from '../../../../src/fhir/index.ts';

export const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
export const ANN = id(901);
export const BOB = id(902);
export const CAT = id(903);
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';
export const SUBSTANCE = { system: `${TERMINOLOGY}/v3-ActCode`, code: 'ETH' };
const EVIL = '<script>alert(1)</script>" onload="x" ]]> & \u0000\u0007 \u202e';

export const resourceAbout = (type: string, number: number, more: object, patient = ANN): Resource => ({
  resourceType: type,
  id: id(number),
  [['AllergyIntolerance', 'Immunization', 'Device'].includes(type) ? 'patient' : 'subject']: {
    reference: `Patient/${patient}`,
  },
  ...more,
});
const coded = (system: string, code: string) => [{ coding: [{ system: `${TERMINOLOGY}/${system}`, code }] }];
export const condition = (number: number, text: string, clinical: string, category: string, more: object = {}) =>
  resourceAbout('Condition', number, {
    clinicalStatus: coded('condition-clinical', clinical)[0],
    category: coded('condition-category', category),
    code: { text },
    ...more,
  });
const observation = (number: number, code: string, category: string, date: string, more: object = {}) =>
  resourceAbout('Observation', number, {
    status: 'final',
    category: coded('observation-category', category),
    code: { coding: [{ system: 'http://loinc.org', code }] },
    effectiveDateTime: date,
    valueQuantity: { value: number, unit: 'mg' },
    ...more,
  });

/**
 * Records with every case that a summary distinguishes, and with hostile text. Bob's record has the cases that exclude
 * those in Ann's.
 */
export const CHART: readonly Resource[] = [
  { resourceType: 'Organization', id: id(801), name: 'Practice One', partOf: { reference: `Organization/${id(802)}` } },
  { resourceType: 'Organization', id: id(802), name: 'Group' },
  { resourceType: 'Practitioner', id: id(803), name: [{ text: 'Dr. Who' }] },
  {
    resourceType: 'Patient',
    id: ANN,
    name: [{ family: EVIL, given: ['Ann'] }],
    birthDate: '1980-01-01',
    identifier: [{ system: 'urn:mrn', value: 'A-1' }],
    managingOrganization: { reference: `Organization/${id(801)}` },
  },
  condition(1, EVIL, 'active', 'problem-list-item', {
    onsetDateTime: '2020',
    encounter: { reference: `Encounter/${id(50)}` },
  }),
  condition(2, 'Old asthma', 'resolved', 'problem-list-item'),
  condition(3, 'A cold', 'active', 'encounter-diagnosis'),
  condition(4, 'Typed by mistake', 'active', 'problem-list-item', {
    verificationStatus: coded('condition-ver-status', 'entered-in-error')[0],
    clinicalStatus: undefined,
  }),
  condition(6, 'Lives in a car', 'active', 'health-concern', {
    category: [...coded('condition-category', 'health-concern'), { coding: [{ code: 'sdoh' }] }],
  }),
  condition(5, 'Dependence', 'active', 'problem-list-item', { meta: { security: [SUBSTANCE] } }),
  resourceAbout('AllergyIntolerance', 10, {
    clinicalStatus: coded('allergyintolerance-clinical', 'active')[0],
    code: { text: 'Penicillin' },
    reaction: [{ manifestation: [{ text: 'Hives' }], severity: 'severe' }],
  }),
  resourceAbout('AllergyIntolerance', 11, {
    clinicalStatus: coded('allergyintolerance-clinical', 'resolved')[0],
    code: { text: 'Milk' },
  }),
  resourceAbout('MedicationRequest', 20, {
    status: 'active',
    intent: 'order',
    medicationReference: { reference: `Medication/${id(21)}` },
    requester: { reference: `Practitioner/${id(803)}` },
    dosageInstruction: [{ text: 'One a day' }],
  }),
  resourceAbout('Medication', 21, { subject: undefined, code: { text: 'Lisinopril 10 mg' } }),
  resourceAbout('MedicationRequest', 22, {
    status: 'stopped',
    intent: 'order',
    medicationCodeableConcept: { text: 'Stopped' },
  }),
  resourceAbout('MedicationRequest', 23, {
    status: 'active',
    intent: 'order',
    doNotPerform: true,
    medicationCodeableConcept: { text: 'Never' },
  }),
  resourceAbout('Immunization', 30, {
    status: 'completed',
    vaccineCode: { text: 'Flu' },
    occurrenceDateTime: '2025-10-01',
  }),
  resourceAbout('Immunization', 31, {
    status: 'not-done',
    vaccineCode: { text: 'Flu' },
    occurrenceDateTime: '2026-10-01',
  }),
  observation(40, '4548-4', 'laboratory', '2025-01-01'),
  observation(41, '4548-4', 'laboratory', '2026-01-01', {
    performer: [{ reference: `Practitioner/${id(803)}`, display: 'Dr. Who' }],
    valueQuantity: { value: 5.5, unit: '%' },
    text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">HbA1c</div>' },
  }),
  observation(42, '718-7', 'laboratory', '2026-02-01', { status: 'entered-in-error' }),
  observation(43, '29463-7', 'vital-signs', '2026-01-01', {
    hasMember: [{ reference: `Observation/${id(91)}` }],
    text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></div>` },
  }),
  observation(44, '72166-2', 'social-history', '2026-01-01', { valueQuantity: undefined, valueString: 'Never smoker' }),
  observation(45, '76690-7', 'social-history', '2026-01-01', { valueQuantity: undefined, valueString: 'Orientation' }),
  observation(46, '82810-3', 'social-history', '2026-09-01', { valueQuantity: undefined, valueString: 'Pregnant' }),
  observation(47, '11778-8', 'social-history', '2020-09-01', { valueQuantity: undefined, valueDateTime: '2021-03-01' }),
  observation(48, '24323-8', 'laboratory', '2026-03-01', {
    valueQuantity: undefined,
    hasMember: [{ reference: `Observation/${id(41)}` }],
  }),
  // A measurement from Ann's childhood.
  observation(49, '8287-5', 'vital-signs', '1981-01-01'),
  resourceAbout('Encounter', 50, { status: 'finished', class: { code: 'AMB' } }),
  resourceAbout('Device', 60, {
    status: 'active',
    type: { text: 'Pacemaker' },
    deviceName: [{ name: 'P', type: 'other' }],
  }),
  resourceAbout('Procedure', 70, {
    status: 'completed',
    code: { text: 'Appendectomy' },
    performedDateTime: '2010-01-01',
  }),
  { resourceType: 'Patient', id: BOB, name: [{ text: 'Bob' }] },
  resourceAbout(
    'DiagnosticReport',
    92,
    {
      status: 'final',
      category: [{ coding: [{ code: 'RAD' }] }],
      code: { text: 'Chest X-ray' },
      effectiveDateTime: '2026-01-01',
      conclusion: 'Clear',
    },
    BOB,
  ),
  resourceAbout(
    'DiagnosticReport',
    93,
    { status: 'final', code: { text: 'Progress note' }, effectiveDateTime: '2026-01-01' },
    BOB,
  ),
  resourceAbout(
    'CarePlan',
    94,
    {
      status: 'active',
      intent: 'plan',
      title: 'Walk more',
      period: { start: '2026-01-01' },
      goal: [{ reference: `Goal/${id(95)}` }],
    },
    BOB,
  ),
  resourceAbout('Goal', 95, { lifecycleStatus: 'active', description: { text: 'Walk' } }, BOB),
  resourceAbout(
    'MedicationStatement',
    96,
    { status: 'active', medicationCodeableConcept: { text: 'St. John’s wort' } },
    BOB,
  ),
  resourceAbout(
    'DocumentReference',
    97,
    {
      status: 'current',
      type: { coding: [{ system: 'http://loinc.org', code: '42348-3' }], text: 'Living will' },
      content: [{ attachment: { contentType: 'text/plain', data: Buffer.from('No tubes').toString('base64') } }],
    },
    BOB,
  ),
  resourceAbout('Device', 98, { type: { text: 'Hearing aid' } }, BOB),
  { ...condition(90, 'Of Bob', 'active', 'problem-list-item'), subject: { reference: `Patient/${BOB}` } },
  { ...observation(91, '8867-4', 'vital-signs', '2026-01-01'), subject: { reference: `Patient/${BOB}` } },
];

/**
 * Resources of another practice: a patient with an empty record, and an Organization whose id also exists at the first
 * practice.
 */
export const OTHER_PRACTICE: readonly Resource[] = [
  { resourceType: 'Organization', id: id(801), name: 'Another of this id' },
  {
    resourceType: 'Patient',
    id: CAT,
    identifier: [{ system: 'urn:mrn', value: 'A-1' }],
    managingOrganization: { reference: `Organization/${id(801)}` },
  },
];
