/** Small DSTU2 resources that each violate one invariant. Without the error each would be valid. */
type Json = Readonly<Record<string, unknown>>;
export interface InvalidResource {
  /** Key of the violated invariant, and of others that the error necessarily violates too. */
  readonly keys: readonly string[];
  readonly description: string;
  readonly valid: Json;
  readonly invalid: Json;
}

const UCUM = 'http://unitsofmeasure.org';
const ARGONAUT = 'http://fhir.org/guides/argonaut/StructureDefinition/argo-';
const claiming = (name: string) => ({ meta: { profile: [`${ARGONAUT}${name}`] } });
const patient = { reference: 'Patient/p' };
const mg = { value: 1, unit: 'mg', system: UCUM, code: 'mg' };
const div = (content: string, attributes = '') =>
  ({ status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml"${attributes}>${content}</div>` }) as const;

const person = { resourceType: 'Patient', id: 'p', name: [{ family: ['A'] }] };
const organization = { resourceType: 'Organization', id: 'o', name: 'A' };
const inside = { resourceType: 'Practitioner', id: 'd', name: { family: ['D'] } };
const condition = {
  resourceType: 'Condition',
  id: 'c',
  patient,
  code: { text: 'x' },
  clinicalStatus: 'active',
  verificationStatus: 'confirmed',
};
const asserted = { ...condition, asserter: { reference: '#d' } };
const observation = { resourceType: 'Observation', id: 'o', status: 'final', code: { text: 'x' } };
const plan = { resourceType: 'CarePlan', id: 'c', status: 'active' };
const encounter = { resourceType: 'Encounter', id: 'e', status: 'finished' };
const vaccine = { resourceType: 'Immunization', id: 'i', status: 'completed', vaccineCode: { text: 'x' }, patient };
const given = { ...vaccine, wasNotGiven: false, reported: false };
const notGiven = { ...vaccine, wasNotGiven: true, reported: false };
const statement = {
  resourceType: 'MedicationStatement',
  id: 'm',
  patient,
  status: 'active',
  medicationCodeableConcept: { text: 'x' },
};
const procedure = { resourceType: 'Procedure', id: 'p', subject: patient, status: 'completed', code: { text: 'x' } };
const answers = { resourceType: 'QuestionnaireResponse', id: 'q', status: 'completed' };
const order = { resourceType: 'MedicationOrder', id: 'm', medicationCodeableConcept: { text: 'x' } };
const timed = (repeat: Json) => ({ ...order, dosageInstruction: [{ timing: { repeat } }] });
const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
const laboratory = { ...observation, ...claiming('observationresults'), valueQuantity: mg };
const pressure = { ...observation, ...claiming('vitalsigns') };
const category = (code: string) => [{ coding: [{ system: 'http://argonaut.hl7.org', code }] }];
const bundle = { resourceType: 'Bundle', id: 'b', type: 'searchset' };
const entry = { fullUrl: 'https://example.org/Patient/p', resource: person };

const name = { name: 'name', type: 'string' };
const served = (...resource: readonly Json[]) => ({
  resourceType: 'Conformance',
  id: 'c',
  description: 'x',
  kind: 'instance',
  rest: [{ mode: 'server', resource }],
});

const faultyResource = (
  key: string,
  what: string,
  right: Json,
  change: Json,
  ...more: readonly string[]
): InvalidResource => ({
  keys: [key, ...more],
  description: what,
  valid: right,
  invalid: { ...right, ...change },
});

export const INVALID_RESOURCES: readonly InvalidResource[] = [
  faultyResource('ele-1', 'an id is all there is', person, { name: [{ id: 'x' }] }),
  faultyResource(
    'dom-1',
    'a contained narrative',
    { ...asserted, contained: [inside] },
    { contained: [{ ...inside, text: div('x') }] },
  ),
  faultyResource(
    'dom-2',
    'a contained resource in another',
    { ...asserted, contained: [inside] },
    { contained: [{ ...inside, contained: [{ ...organization, id: 'w' }] }] },
    'dom-3',
  ),
  faultyResource('dom-3', 'nothing refers to what is contained', condition, { contained: [inside] }),
  faultyResource(
    'dom-4',
    'a contained version',
    { ...asserted, contained: [inside] },
    {
      contained: [{ ...inside, meta: { versionId: '1' } }],
    },
  ),
  faultyResource('ref-1', 'a reference to nothing contained', condition, { asserter: { reference: '#nobody' } }),
  faultyResource(
    'txt-1',
    'an element that DSTU2 does not allow',
    { ...person, text: div('x') },
    { text: div('10<sup>9</sup>') },
  ),
  faultyResource('txt-2', 'an empty narrative', { ...person, text: div('x') }, { text: div(' ') }),
  faultyResource(
    'txt-3',
    'the language of XML',
    { ...person, text: div('x', ' lang="en"') },
    { text: div('x', ' xml:lang="en"') },
  ),
  faultyResource(
    'per-1',
    'it ends before it starts',
    { ...encounter, period: { start: '2020-01-01', end: '2020-01-01' } },
    {
      period: { start: '2020-01-02', end: '2020-01-01' },
    },
  ),
  faultyResource(
    'cpt-2',
    'a number of what?',
    { ...person, telecom: [{ system: 'phone', value: '1' }] },
    { telecom: [{ value: '1' }] },
  ),
  faultyResource(
    'qty-3',
    'a code of what?',
    { ...observation, valueQuantity: mg },
    { valueQuantity: { value: 1, code: 'mg' } },
  ),
  faultyResource(
    'sqty-1',
    'more or less a dose',
    { ...given, doseQuantity: mg },
    { doseQuantity: { ...mg, comparator: '<' } },
  ),
  faultyResource('age-1', 'an age in nothing', condition, { onsetQuantity: { value: 30 } }),
  faultyResource('drt-1', 'hours without a code', encounter, { length: { value: 2, unit: 'hours' } }),
  faultyResource('rat-1', 'one half', observation, { valueRatio: { numerator: mg } }),
  faultyResource(
    'rng-2',
    'from 10 to 9, which comes after it as a text',
    { ...observation, valueRange: { low: { value: 9 }, high: { value: 10 } } },
    {
      valueRange: { low: { value: 10 }, high: { value: 9 } },
    },
  ),
  faultyResource(
    'att-1',
    'data of no type',
    { ...person, photo: [{ contentType: 'image/png', data: 'aGk=' }] },
    {
      photo: [{ data: 'aGk=' }],
    },
  ),
  faultyResource('tim-1', 'lasting 1', timed({ duration: 1, durationUnits: 'h' }), timed({ duration: 1 })),
  faultyResource(
    'tim-2',
    'every 1',
    timed({ frequency: 1, period: 1, periodUnits: 'd' }),
    timed({ frequency: 1, period: 1 }),
  ),
  faultyResource(
    'tim-3',
    'a period and an occasion',
    timed({ when: 'HS' }),
    timed({ when: 'HS', period: 1, periodUnits: 'd' }),
  ),
  faultyResource('tim-4', 'less than no time', order, timed({ duration: -1, durationUnits: 'h' })),
  faultyResource('tim-5', 'every less than no time', order, timed({ period: -1, periodUnits: 'h' })),
  faultyResource(
    'tim-6',
    'a greatest period',
    timed({ period: 1, periodMax: 2, periodUnits: 'd' }),
    timed({ periodMax: 2, periodUnits: 'd' }),
  ),
  faultyResource(
    'tim-7',
    'a greatest duration',
    timed({ duration: 1, durationMax: 2, durationUnits: 'd' }),
    timed({ durationMax: 2, durationUnits: 'd' }),
  ),
  faultyResource(
    'pat-1',
    'a contact that is nobody',
    { ...person, contact: [{ name: { family: ['B'] } }] },
    { contact: [{ gender: 'female' }] },
  ),
  faultyResource('org-1', 'no name and no identifier', organization, { name: undefined }),
  faultyResource(
    'org-2',
    'a hospital at home',
    { ...organization, address: [{ use: 'work', city: 'A' }] },
    { address: [{ use: 'home', city: 'A' }] },
  ),
  faultyResource('org-3', 'its phone at home', organization, {
    telecom: [{ system: 'phone', value: '1', use: 'home' }],
  }),
  faultyResource(
    'con-1',
    'a stage without a word',
    { ...condition, stage: { summary: { text: 'I' } } },
    { stage: { extension: [{ url: 'urn:x', valueBoolean: true }] } },
  ),
  faultyResource(
    'con-2',
    'no evidence',
    { ...condition, evidence: [{ code: { text: 'x' } }] },
    { evidence: [{ extension: [{ url: 'urn:x', valueBoolean: true }] }] },
  ),
  faultyResource(
    'obs-3',
    'a range of nothing',
    { ...observation, referenceRange: [{ text: '1-2' }] },
    { referenceRange: [{ meaning: { text: 'normal' } }] },
  ),
  faultyResource(
    'obs-6',
    'a value, and why there is none',
    { ...observation, valueQuantity: mg },
    { dataAbsentReason: { text: 'x' } },
  ),
  faultyResource(
    'obs-7',
    'a component that is the whole',
    { ...observation, code: loinc('1-8'), component: [{ code: loinc('2-6') }] },
    {
      component: [{ code: loinc('2-6') }, { code: loinc('1-8') }],
    },
  ),
  faultyResource(
    'cpl-3',
    'an activity told twice',
    { ...plan, activity: [{ reference: { reference: 'Procedure/p' } }] },
    {
      activity: [{ reference: { reference: 'Procedure/p' }, detail: { prohibited: false } }],
    },
  ),
  faultyResource(
    'imm-1',
    'a reaction to what was not given',
    { ...given, reaction: [{ date: '2020' }] },
    { wasNotGiven: true },
  ),
  faultyResource('imm-1', 'why it was given, which it was not', notGiven, { explanation: { reason: [{ text: 'x' }] } }),
  faultyResource(
    'imm-2',
    'why it was not given, which it was',
    { ...notGiven, explanation: { reasonNotGiven: [{ text: 'x' }] } },
    { wasNotGiven: false },
  ),
  faultyResource('mst-1', 'why it was not taken, which it was', statement, {
    wasNotTaken: false,
    reasonNotTaken: [{ text: 'x' }],
  }),
  faultyResource(
    'mst-2',
    'why it was taken, which it was not',
    { ...statement, wasNotTaken: true },
    { reasonForUseCodeableConcept: { text: 'x' } },
  ),
  faultyResource(
    'pro-1',
    'why it was not performed, which it was',
    { ...procedure, notPerformed: true, reasonNotPerformed: [{ text: 'x' }] },
    { notPerformed: false },
  ),
  faultyResource(
    'qrs-1',
    'groups beside questions',
    { ...answers, group: { group: [{ text: 'x' }] } },
    { group: { group: [{ text: 'x' }], question: [{ text: 'y' }] } },
  ),
  faultyResource('bdl-1', 'a total of what was not searched for', { ...bundle, total: 1 }, { type: 'collection' }),
  faultyResource(
    'bdl-2',
    'found without a search',
    { ...bundle, entry: [{ ...entry, search: { mode: 'match' } }] },
    { type: 'collection' },
  ),
  faultyResource('bdl-5', 'an entry of nothing', bundle, { entry: [{ link: [{ relation: 'self', url: 'urn:x' }] }] }),
  faultyResource(
    'bdl-6',
    'an address of nothing',
    { ...bundle, type: 'batch-response', entry: [{ response: { status: '200' } }] },
    { entry: [{ fullUrl: 'https://example.org/Patient/p', response: { status: '200' } }] },
  ),
  faultyResource('bdl-7', 'a resource twice', { ...bundle, entry: [entry] }, { entry: [entry, entry] }),
  faultyResource(
    'arg-1',
    'a problem without a status',
    { ...condition, ...claiming('condition') },
    { clinicalStatus: undefined },
  ),
  faultyResource(
    'arg-1',
    'some day in May',
    { ...laboratory, effectiveDateTime: '2020-05-01' },
    { effectiveDateTime: '2020-05' },
  ),
  faultyResource(
    'arg-1',
    'no care plan',
    { ...plan, ...claiming('careplan'), category: category('assess-plan') },
    { category: category('careteam') },
  ),
  faultyResource(
    'arg-1',
    'no care team',
    { ...plan, ...claiming('careteam'), category: category('careteam') },
    { category: category('assess-plan') },
  ),
  faultyResource('arg-2', 'a result without one', laboratory, { valueQuantity: undefined }),
  faultyResource('arg-3', 'a unit of another system', laboratory, { valueQuantity: { ...mg, system: 'urn:x' } }),
  faultyResource(
    'arg-3',
    'half a blood pressure',
    { ...pressure, component: [{ code: loinc('8480-6'), valueQuantity: mg }] },
    {
      component: [{ code: loinc('8480-6') }],
    },
  ),
  faultyResource(
    'cnf-9',
    'a type told twice',
    served({ type: 'Patient' }),
    served({ type: 'Patient' }, { type: 'Patient' }),
  ),
  faultyResource(
    'cnf-12',
    'a parameter told twice',
    served({ type: 'Patient', searchParam: [name] }),
    served({ type: 'Patient', searchParam: [name, name] }),
  ),
];
