import { describe, expect, it } from 'vitest';
import { sandboxData } from '../../../test/support/fhir/sandbox.ts';
import type { Resource } from '../../fhir/index.ts';
import { CASES, type CaseKey } from '../scenarios/cases.ts';
import type { GeneratedPatient } from './index.ts';

const { patients } = sandboxData();

// biome-ignore lint/suspicious/noExplicitAny: a test reads JSON at will
type Json = any;
/** The person's resources, including those of a record at the second practice. */
const allResources = ({ resources, secondRecord = [] }: GeneratedPatient): readonly Resource[] => [
  ...resources,
  ...secondRecord,
];
const ofType = (person: GeneratedPatient, type: string): readonly Json[] =>
  allResources(person).filter(({ resourceType }) => resourceType === type);
const patient = (person: GeneratedPatient): Json => ofType(person, 'Patient')[0];
const hasSome = (type: string, test: (one: Json) => boolean) => (person: GeneratedPatient) =>
  ofType(person, type).some(test);
const codes = (concept: Json): readonly string[] =>
  [concept].flat().flatMap((one: Json) => (one?.coding ?? []).map(({ code }: Json) => code));
const hasCode = (path: string, code: string) => (one: Json) => codes(one[path]).includes(code);
const contains = (text: string) => (one: Json) => JSON.stringify(one).includes(text);
const preferred = (person: GeneratedPatient): string =>
  patient(person).communication.find((one: Json) => one.preferred).language.coding[0].code;

/** Whether two people share family name, birth date and address. */
const isAtSameHome = (one: GeneratedPatient, other: GeneratedPatient): boolean => {
  const key = (each: GeneratedPatient) => {
    const { name, birthDate, address } = patient(each);
    return JSON.stringify([name[0].family, birthDate, address[0].line]);
  };
  return one !== other && key(one) === key(other);
};

/** Number of results in the person's longest series of one laboratory test. */
const longestSeries = (person: GeneratedPatient): number => {
  const values = ofType(person, 'Observation').filter(
    (one) => one.valueQuantity !== undefined && hasCode('category', 'laboratory')(one),
  );
  return Math.max(0, ...[...Map.groupBy(values, ({ code }) => code.coding[0].code).values()].map((own) => own.length));
};

/** Whether a resource is labeled psychiatric and restricted: HL7 v3 ActCode and Confidentiality. */
const isLabeledSensitive = ({ meta }: Json): boolean =>
  ['v3-ActCode|PSY', 'v3-Confidentiality|R'].every((label) =>
    meta?.security?.some(
      ({ system, code }: Json) => `${system}|${code}` === `http://terminology.hl7.org/CodeSystem/${label}`,
    ),
  );

const SCORES = ['44261-6', '70274-6', '72106-8'];
const EXTENSION = '"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason"';

/** Whether the medication was reported, by the patient or another doctor, instead of ordered. */
const isReported = ({ reportedBoolean, reportedReference }: Json): boolean =>
  reportedBoolean === true || reportedReference !== undefined;

/** For each situation in `CASES`, a function that checks whether a person's data contains it. */
const CASE_CHECKS: Record<CaseKey, (person: GeneratedPatient) => boolean> = {
  large: ({ resources }) => resources.length > 5000,
  nearlyEmpty: ({ resources }) => resources.length < 20,
  twoPractices: ({ secondRecord = [] }) => secondRecord.length > 0,
  guardian: ({ representative }) => representative !== undefined,
  represents: ({ key }) => patients.some(({ representative }) => representative?.key === key),
  twin: (person) => patients.some((other) => isAtSameHome(person, other)),
  deceased: hasSome('Patient', (one) => one.deceasedDateTime !== undefined),
  formerName: hasSome('Patient', (one) => one.name.some(({ use }: Json) => use === 'old')),
  accents: hasSome('Patient', (one) => /[^\x20-\x7e]/.test(one.name[0].text)),
  spanish: (person) => preferred(person) === 'es',
  chinese: (person) => preferred(person) === 'zh',
  arabic: (person) => preferred(person) === 'ar',
  originUntold: hasSome('Patient', contains('Declined to answer')),
  otherGender: hasSome('Patient', ({ gender }) => gender === 'other'),
  absentExtension: (person) => allResources(person).some(contains(EXTENSION)),
  absentCode: hasSome('Observation', contains('"dataAbsentReason":')),
  sensitive: (person) => allResources(person).some(isLabeledSensitive),
  mistake: hasSome('Observation', ({ status }) => status === 'entered-in-error'),
  pregnancy: hasSome('Observation', hasCode('valueCodeableConcept', '77386006')),
  growth: hasSome('Observation', (one) => ['59576-9', '8289-1', '77606-2'].some((code) => hasCode('code', code)(one))),
  hospital: hasSome('Encounter', (one) => one.class.code === 'IMP'),
  emergency: hasSome('Encounter', (one) => one.class.code === 'EMER'),
  video: hasSome('Encounter', (one) => one.class.code === 'VR'),
  dialysis: hasSome('Encounter', hasCode('type', '265764009')),
  resolved: hasSome(
    'Condition',
    (one) => hasCode('clinicalStatus', 'resolved')(one) && hasCode('category', 'problem-list-item')(one),
  ),
  concern: hasSome('Condition', hasCode('category', 'health-concern')),
  noAllergies: hasSome('AllergyIntolerance', hasCode('code', '716186003')),
  highRiskAllergy: hasSome('AllergyIntolerance', ({ criticality }) => criticality === 'high'),
  pastAllergy: hasSome(
    'AllergyIntolerance',
    (one) => hasCode('clinicalStatus', 'resolved')(one) || hasCode('verificationStatus', 'refuted')(one),
  ),
  stopped: hasSome(
    'MedicationRequest',
    ({ status, statusReason }) => status === 'stopped' && statusReason !== undefined,
  ),
  reported: hasSome('MedicationRequest', isReported),
  planned: hasSome('MedicationRequest', (one) => one.intent === 'plan' && !isReported(one)),
  medicationReference: hasSome('MedicationRequest', (one) => one.medicationReference !== undefined),
  dispense: hasSome('MedicationDispense', () => true),
  wardMedicine: hasSome('MedicationAdministration', () => true),
  vaccineRefused: hasSome('Immunization', ({ status }) => status === 'not-done'),
  vaccineElsewhere: hasSome('Immunization', ({ primarySource }) => !primarySource),
  implant: hasSome('Device', (one) => one.udiCarrier[0].carrierHRF !== undefined),
  procedure: hasSome('Procedure', () => true),
  imaging: hasSome('DiagnosticReport', (one) => hasCode('category', 'LP29684-5')(one) && one.media.length > 0),
  cardiology: hasSome('DiagnosticReport', hasCode('category', 'LP29708-2')),
  pathology: hasSome('DiagnosticReport', hasCode('category', 'LP7839-6')),
  laboratory: hasSome('DiagnosticReport', (one) => hasCode('category', 'LAB')(one) && one.specimen.length > 0),
  codedResult: hasSome(
    'Observation',
    (one) => hasCode('category', 'laboratory')(one) && one.valueCodeableConcept !== undefined,
  ),
  longSeries: (person) => longestSeries(person) >= 12,
  pdf: hasSome('DocumentReference', (one) => one.content[0].attachment.contentType === 'application/pdf'),
  procedureNote: hasSome('DocumentReference', (one) =>
    ['28570-0', '11504-8'].some((code) => hasCode('type', code)(one)),
  ),
  questionnaire: hasSome('QuestionnaireResponse', () => true),
  score: (person) =>
    SCORES.some(
      (code) =>
        ofType(person, 'Observation').filter((one) => hasCode('code', code)(one) && one.valueQuantity).length > 2,
    ),
  social: (person) =>
    [...ofType(person, 'Observation'), ...ofType(person, 'Condition')].some(hasCode('category', 'sdoh')),
  smoker: hasSome('Observation', hasCode('valueCodeableConcept', '449868002')),
  goals: hasSome('Goal', () => true),
  medicare: hasSome('Coverage', hasCode('type', '1')),
  medicaid: hasSome('Coverage', hasCode('type', '2')),
  bill: hasSome('ExplanationOfBenefit', () => true),
};

describe('the cases of each test patient', () => {
  it.each(patients.map((person) => [person.username, person] as const))(
    '%s lists exactly the cases that its data contains',
    (_, person) => {
      const found = (Object.keys(CASES) as CaseKey[]).filter((key) => CASE_CHECKS[key](person));
      expect(person.covers).toEqual(found);
    },
  );

  it('every case is covered by a test patient', () => {
    const covered = new Set(patients.flatMap(({ covers }) => covers));
    expect(Object.keys(CASES).filter((key) => !covered.has(key as CaseKey))).toEqual([]);
  });
});

const named = (type: string, text: string) => (person: GeneratedPatient) =>
  ofType(person, type).some((one) => contains(`"text":"${text}`)(one));
const ill = (text: string) => named('Condition', text);
const takes =
  (...texts: readonly string[]) =>
  (person: GeneratedPatient) =>
    texts.every((text) => named('MedicationRequest', text)(person));
const series = (person: GeneratedPatient, loinc: string): readonly { at: string; value: number }[] =>
  ofType(person, 'Observation')
    .filter((one) => hasCode('code', loinc)(one) && one.valueQuantity !== undefined)
    .map((one) => ({ at: one.effectiveDateTime, value: one.valueQuantity.value }))
    .sort((one, other) => (one.at < other.at ? -1 : 1));
const times = (loinc: string, least: number) => (person: GeneratedPatient) => series(person, loinc).length >= least;
const falls = (loinc: string) => (person: GeneratedPatient) => {
  const [first, last] = [series(person, loinc)[0], series(person, loinc).at(-1)];
  return first !== undefined && last !== undefined && last.value < first.value * 0.8;
};
const YEAR = 365.25 * 86_400_000;
const years = (dates: readonly string[]): number =>
  (Math.max(...dates.map((date) => Date.parse(date))) - Math.min(...dates.map((date) => Date.parse(date)))) / YEAR;
const visits =
  (kind: string, least = 1) =>
  (person: GeneratedPatient) =>
    ofType(person, 'Encounter').filter((one) => one.type[0].text === kind).length >= least;
const resourceTypes = (resources: readonly Resource[]) => new Set(resources.map(({ resourceType }) => resourceType));
const age = (person: GeneratedPatient): number =>
  (Date.parse('2026-11-16') - Date.parse(patient(person).birthDate)) / YEAR;
const byStart = (person: GeneratedPatient): readonly Json[] =>
  ofType(person, 'Encounter').toSorted((one, other) => (one.period.start < other.period.start ? -1 : 1));
const aged = (low: number, high: number) => (person: GeneratedPatient) => age(person) >= low && age(person) < high;
const contact = (relation: string) => hasSome('Patient', (one) => one.contact?.[0].relationship[0].text === relation);

/**
 * For each test patient, the phrases of the description, each with a function that checks the data against the phrase.
 */
const CLAIMS: Record<string, readonly (readonly [words: string, test: (person: GeneratedPatient) => boolean])[]> = {
  ana: [
    ['diabetes', (person) => ill('Type 2 diabetes')(person) && times('4548-4', 15)(person)],
    ['blood pressure over years', (person) => years(ofType(person, 'Encounter').map(({ period }) => period.start)) > 7],
    [
      'every type of resource',
      (person) =>
        resourceTypes(patients.flatMap(({ resources }) => resources)).size === resourceTypes(person.resources).size,
    ],
  ],
  walter: [
    ['the large record', ({ large }) => large],
    ['more than 5,000 resources', ({ resources }) => resources.length > 5000],
    ['dialysis', visits('Dialysis', 250)],
    ['twelve years of lab values', (person) => years(series(person, '2160-0').map(({ at }) => at)) > 11.5],
  ],
  sofia: [
    ['Pregnant', CASE_CHECKS.pregnancy],
    ['due date', hasSome('Observation', ({ code }) => code.text === 'Due date')],
    [
      'thirty-second week',
      hasSome(
        'Observation',
        ({ code, valueDateTime }) =>
          code.text === 'Due date' &&
          Math.round((Date.parse('2026-11-16') - Date.parse(valueDateTime)) / 86_400_000 / 7 + 40) === 32,
      ),
    ],
    ['prenatal visits', visits('Prenatal visit', 5)],
    ['diabetes in pregnancy', ill('Diabetes in pregnancy')],
  ],
  milo: [
    ['A child of five', aged(5, 6)],
    ['growth with percentiles', times('59576-9', 3)],
    [
      'all vaccines and one turned down',
      (person) => named('Immunization', 'Measles')(person) && CASE_CHECKS.vaccineRefused(person),
    ],
    ['peanut allergy', named('AllergyIntolerance', 'Peanut')],
    ['ear infections', (person) => ofType(person, 'Condition').filter(contains('"text":"Ear infection')).length === 2],
  ],
  june: [
    ['A baby', aged(0, 1)],
    ['six months', aged(0.5, 0.58)],
    ['head circumference', times('9843-4', 3)],
    ['weight for length', times('77606-2', 3)],
    ['first vaccines', (person) => ofType(person, 'Immunization').length > 10],
  ],
  tariq: [
    ['teenager', aged(13, 18)],
    ['asthma and ADHD', (person) => ill('Asthma')(person) && ill('ADHD')(person)],
    ['inhalers', takes('Albuterol inhaler', 'Fluticasone inhaler')],
    ['an emergency visit', (person) => visits('Emergency visit')(person) && !visits('Emergency visit', 2)(person)],
    ['percentiles up to fifteen', (person) => series(person, '59576-9').at(-1)?.at.startsWith('2026') === true],
  ],
  claire: [
    ['Another family name before', CASE_CHECKS.formerName],
    ['(Rosewood)', hasSome('Patient', contains('"use":"old","family":"Rosewood"'))],
    ['thyroid and anxiety', (person) => ill('Underactive thyroid')(person) && ill('Anxiety')(person)],
    [
      'mother of Milo and June',
      ({ key }) =>
        patients
          .filter((one) => one.representative?.key === key)
          .map((one) => one.key)
          .join() === 'milo,june',
    ],
  ],
  harold: [
    [
      'Died in hospital',
      (person) => CASE_CHECKS.deceased(person) && hasSome('Encounter', contains('"code":"exp"'))(person),
    ],
    ['heart failure and COPD', (person) => ill('Heart failure')(person) && ill('COPD')(person)],
    [
      'an ended record',
      (person) =>
        byStart(person).every(({ status }) => status === 'finished') &&
        byStart(person).at(-1)?.period.end.slice(0, 10) === patient(person).deceasedDateTime.slice(0, 10) &&
        ofType(person, 'MedicationRequest').every(({ status }) => status !== 'active'),
    ],
    [
      'the last stay with its discharge summary',
      (person) => {
        const last = byStart(person).at(-1);
        const summaries = ofType(person, 'DocumentReference').filter(hasCode('type', '18842-5'));
        return last?.class.code === 'IMP' && summaries.some(contains(`"reference":"Encounter/${last.id}"`));
      },
    ],
  ],
  ramon: [
    [
      'Speaks Spanish only',
      hasSome(
        'Patient',
        ({ communication }) => communication.length === 1 && communication[0].language.coding[0].code === 'es',
      ),
    ],
    ['blood pressure, gout', (person) => ill('High blood pressure')(person) && ill('Gout')(person)],
    [
      'not always enough to eat (SDOH)',
      (person) => ill('Not always enough to eat')(person) && CASE_CHECKS.social(person),
    ],
  ],
  eleanor: [
    ["Alzheimer's disease", ill("Alzheimer's disease")],
    ['memory scores falling', falls('72106-8')],
    ['osteoporosis', ill('Osteoporosis')],
    ['a daughter as contact', contact('daughter')],
  ],
  adaeze: [
    [
      'Breast cancer, treated and inactive',
      hasSome('Condition', (one) => hasCode('code', '254837009')(one) && hasCode('clinicalStatus', 'inactive')(one)),
    ],
    [
      'specialist letters as PDF',
      hasSome(
        'DocumentReference',
        (one) => hasCode('type', '11488-4')(one) && one.content[0].attachment.contentType === 'application/pdf',
      ),
    ],
    [
      'a long course of tablets',
      (person) => ofType(person, 'MedicationRequest').filter(contains('"text":"Letrozole')).length > 3,
    ],
  ],
  jonah: [
    ['virtual visits', CASE_CHECKS.video],
    ['Depression seen over video', (person) => ill('Depression')(person) && visits('Video visit', 10)(person)],
    ['PHQ-9 scores', falls('44261-6')],
    [
      'a medicine that was changed',
      (person) => CASE_CHECKS.stopped(person) && takes('Fluoxetine', 'Sertraline')(person),
    ],
    [
      'Diagnoses and medicines have sensitive labels (PSY)',
      (person) =>
        CASE_CHECKS.sensitive(person) &&
        person.resources
          .filter(({ resourceType }) => /^(Condition|Medication.*)$/.test(resourceType))
          .every((one) => isLabeledSensitive(one)),
    ],
  ],
  frank: [
    ['COPD', ill('COPD')],
    ['Smokes every day', CASE_CHECKS.smoker],
    ['oxygen saturation', times('59408-5', 10)],
    ['lung function', times('19926-5', 2)],
    ['a hospital stay with pneumonia', (person) => CASE_CHECKS.hospital(person) && ill('Pneumonia')(person)],
  ],
  ingrid: [
    ['Atrial fibrillation', ill('Atrial fibrillation')],
    [
      'two years of INR values every month',
      (person) => times('6301-6', 22)(person) && Math.round(years(series(person, '6301-6').map(({ at }) => at))) === 2,
    ],
    ['a newer blood thinner', takes('Warfarin', 'Apixaban')],
    ['thyroid', ill('Underactive thyroid')],
  ],
  mei: [
    ['Rheumatoid arthritis', ill('Rheumatoid arthritis')],
    ['with treatment', takes('Methotrexate')],
    ['blood tests every three months', times('1988-5', 12)],
    ['inflammation falling', (person) => falls('1988-5')(person) && falls('4537-7')(person)],
    ['Prefers Chinese', CASE_CHECKS.chinese],
  ],
  priya: [
    ['Migraine', ill('Migraine')],
    ['medicines for attacks and to prevent them', takes('Naproxen', 'Metoprolol')],
    ['office and video visits', (person) => visits('Follow-up visit')(person) && visits('Video visit')(person)],
  ],
  alex: [
    ['Almost empty', CASE_CHECKS.nearlyEmpty],
    ['one visit', (person) => ofType(person, 'Encounter').length === 1],
    ['no known allergies', CASE_CHECKS.noAllergies],
    ['race, ethnicity', CASE_CHECKS.originUntold],
    ['a phone number not answered', CASE_CHECKS.absentExtension],
  ],
  kai: [
    [
      'A broken arm in the emergency department',
      (person) => ill('Broken right forearm')(person) && CASE_CHECKS.emergency(person),
    ],
    ['strep throat', ill('Strep throat')],
    [
      'an aspirin allergy that was none',
      hasSome(
        'AllergyIntolerance',
        (one) => one.code.text.startsWith('Aspirin') && hasCode('verificationStatus', 'refuted')(one),
      ),
    ],
    [
      'a weight entered in error',
      hasSome('Observation', (one) => hasCode('code', '29463-7')(one) && one.status === 'entered-in-error'),
    ],
  ],
  leonard: [
    [
      'Heart attack three years ago',
      hasSome(
        'Condition',
        (one) => hasCode('code', '22298006')(one) && Math.round(years([one.onsetDateTime, '2026-11-16'])) === 3,
      ),
    ],
    [
      'hospital stay with troponin',
      (person) => CASE_CHECKS.hospital(person) && (series(person, '89579-7')[0]?.value ?? 0) > 1000,
    ],
    ['many heart medicines', takes('Atorvastatin', 'Metoprolol', 'Clopidogrel', 'Aspirin', 'Lisinopril')],
    ['cholesterol brought down', falls('13457-7')],
  ],
  fatima: [
    ['Low iron', ill('Anemia from low iron')],
    [
      'blood counts before and after treatment',
      (person) =>
        Math.min(...series(person, '718-7').map(({ value }) => value)) < 11 &&
        (series(person, '718-7').at(-1)?.value ?? 0) > 12,
    ],
    ['acid reflux', ill('Acid reflux')],
    ['Prefers Arabic', CASE_CHECKS.arabic],
  ],
  luna: [
    [
      'One of twins: the same family name, birth date and address as Leo',
      (person) => isAtSameHome(person, patients.find(({ key }) => key === 'leo') as GeneratedPatient),
    ],
    ['Prefers Spanish', CASE_CHECKS.spanish],
  ],
  leo: [
    [
      'One of twins: the same family name, birth date and address as Luna',
      (person) => isAtSameHome(person, patients.find(({ key }) => key === 'luna') as GeneratedPatient),
    ],
    ['Prefers Spanish', CASE_CHECKS.spanish],
  ],
  maria: [
    ['A patient of two practices', CASE_CHECKS.twoPractices],
    [
      'blood pressure at Sandbox Family Practice',
      ({ resources }) => resources.some(contains('"text":"High blood pressure"')),
    ],
    [
      'heart rhythm at Sandbox Heart Clinic',
      ({ secondRecord = [] }) => secondRecord.some(contains('"text":"Atrial fibrillation"')),
    ],
    ['One account, two records', CASE_CHECKS.twoPractices],
    ['Prefers Spanish', CASE_CHECKS.spanish],
  ],
};

/**
 * Phrases that only say what a test patient is useful for. They don't describe the data, so no function checks them.
 */
const PURPOSE_PHRASES =
  /the main test patient|for paging, totals and slow clients|shows what an app makes of nothing|to choose from/gi;
const FILLER_WORDS = ['a', 'an', 'the', 'of', 'and', 'then', 'with', 'in', 'but'];
/** Words of a patient's description that are in none of the checked phrases (`CLAIMS`). */
const uncoveredWords = ({ about, key }: GeneratedPatient): readonly string[] => {
  const parts = (CLAIMS[key] ?? []).map(([words]) => words).toSorted((one, other) => other.length - one.length);
  const rest = parts.reduce((text, words) => text.replace(words.toLowerCase(), ' '), about.toLowerCase());
  return (rest.replace(PURPOSE_PHRASES, ' ').match(/[\p{L}\d'-]+/gu) ?? []).filter(
    (word) => !FILLER_WORDS.includes(word),
  );
};

describe('the description of each test patient', () => {
  it.each(patients.map((person) => [person.username, person] as const))(
    '%s: every part is covered by a check',
    (_, person) => {
      expect(uncoveredWords(person)).toEqual([]);
    },
  );

  it.each(patients.map((person) => [person.username, person] as const))(
    '%s: the data has what each part claims',
    (_, person) => {
      const claims = CLAIMS[person.key] ?? [];
      expect(claims.length).toBeGreaterThan(0);
      expect(claims.filter(([words]) => !person.about.toLowerCase().includes(words.toLowerCase()))).toEqual([]);
      expect(claims.filter(([, test]) => !test(person)).map(([words]) => words)).toEqual([]);
    },
  );
});
