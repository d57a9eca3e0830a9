import { describe, expect, it } from 'vitest';
import { sandboxData } from '../../../test/support/sandbox.ts';
import type { Resource } from '../../fhir/index.ts';
import { CASES, type CaseKey } from './cases.ts';
import type { GeneratedPerson } from './index.ts';

const { people } = sandboxData();

// biome-ignore lint/suspicious/noExplicitAny: a test reads JSON at will
type Json = any;
/** Resources of both records if the person has two. */
const all = ({ resources, second = [] }: GeneratedPerson): readonly Resource[] => [...resources, ...second];
const of = (person: GeneratedPerson, type: string): readonly Json[] =>
  all(person).filter(({ resourceType }) => resourceType === type);
const patient = (person: GeneratedPerson): Json => of(person, 'Patient')[0];
const some = (type: string, test: (one: Json) => boolean) => (person: GeneratedPerson) => of(person, type).some(test);
const codes = (concept: Json): readonly string[] =>
  [concept].flat().flatMap((one: Json) => (one?.coding ?? []).map(({ code }: Json) => code));
const has = (path: string, code: string) => (one: Json) => codes(one[path]).includes(code);
const within = (text: string) => (one: Json) => JSON.stringify(one).includes(text);
const preferred = (person: GeneratedPerson): string =>
  patient(person).communication.find((one: Json) => one.preferred).language.coding[0].code;

/** Whether two people share family name, birth date and address. */
const sameHome = (one: GeneratedPerson, other: GeneratedPerson): boolean => {
  const key = (each: GeneratedPerson) => {
    const { name, birthDate, address } = patient(each);
    return JSON.stringify([name[0].family, birthDate, address[0].line]);
  };
  return one !== other && key(one) === key(other);
};

/** Length of the person's longest series of one laboratory test. */
const longest = (person: GeneratedPerson): number => {
  const values = of(person, 'Observation').filter(
    (one) => one.valueQuantity !== undefined && has('category', 'laboratory')(one),
  );
  return Math.max(0, ...[...Map.groupBy(values, ({ code }) => code.coding[0].code).values()].map((own) => own.length));
};

/** Whether a resource is labeled psychiatric and restricted: HL7 v3 ActCode and Confidentiality. */
const labelled = ({ meta }: Json): boolean =>
  ['v3-ActCode|PSY', 'v3-Confidentiality|R'].every((label) =>
    meta?.security?.some(
      ({ system, code }: Json) => `${system}|${code}` === `http://terminology.hl7.org/CodeSystem/${label}`,
    ),
  );

const SCORES = ['44261-6', '70274-6', '72106-8'];
const EXTENSION = '"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason"';

/** Whether the patient or another doctor reported the medication. */
const isReported = ({ reportedBoolean, reportedReference }: Json): boolean =>
  reportedBoolean === true || reportedReference !== undefined;

/** Predicate for each case: whether a person's data contains it. */
const FOUND: Record<CaseKey, (person: GeneratedPerson) => boolean> = {
  large: ({ resources }) => resources.length > 5000,
  nearlyEmpty: ({ resources }) => resources.length < 20,
  twoPractices: ({ second = [] }) => second.length > 0,
  guardian: ({ representative }) => representative !== undefined,
  represents: ({ key }) => people.some(({ representative }) => representative?.key === key),
  twin: (person) => people.some((other) => sameHome(person, other)),
  deceased: some('Patient', (one) => one.deceasedDateTime !== undefined),
  formerName: some('Patient', (one) => one.name.some(({ use }: Json) => use === 'old')),
  accents: some('Patient', (one) => /[^\x20-\x7e]/.test(one.name[0].text)),
  spanish: (person) => preferred(person) === 'es',
  chinese: (person) => preferred(person) === 'zh',
  arabic: (person) => preferred(person) === 'ar',
  originUntold: some('Patient', within('Declined to answer')),
  otherGender: some('Patient', ({ gender }) => gender === 'other'),
  absentExtension: (person) => all(person).some(within(EXTENSION)),
  absentCode: some('Observation', within('"dataAbsentReason":')),
  sensitive: (person) => all(person).some(labelled),
  mistake: some('Observation', ({ status }) => status === 'entered-in-error'),
  pregnancy: some('Observation', has('valueCodeableConcept', '77386006')),
  growth: some('Observation', (one) => ['59576-9', '8289-1', '77606-2'].some((code) => has('code', code)(one))),
  hospital: some('Encounter', (one) => one.class.code === 'IMP'),
  emergency: some('Encounter', (one) => one.class.code === 'EMER'),
  video: some('Encounter', (one) => one.class.code === 'VR'),
  dialysis: some('Encounter', has('type', '265764009')),
  resolved: some(
    'Condition',
    (one) => has('clinicalStatus', 'resolved')(one) && has('category', 'problem-list-item')(one),
  ),
  concern: some('Condition', has('category', 'health-concern')),
  noAllergies: some('AllergyIntolerance', has('code', '716186003')),
  highRiskAllergy: some('AllergyIntolerance', ({ criticality }) => criticality === 'high'),
  pastAllergy: some(
    'AllergyIntolerance',
    (one) => has('clinicalStatus', 'resolved')(one) || has('verificationStatus', 'refuted')(one),
  ),
  stopped: some('MedicationRequest', ({ status, statusReason }) => status === 'stopped' && statusReason !== undefined),
  reported: some('MedicationRequest', isReported),
  planned: some('MedicationRequest', (one) => one.intent === 'plan' && !isReported(one)),
  medicationReference: some('MedicationRequest', (one) => one.medicationReference !== undefined),
  dispense: some('MedicationDispense', () => true),
  wardMedicine: some('MedicationAdministration', () => true),
  vaccineRefused: some('Immunization', ({ status }) => status === 'not-done'),
  vaccineElsewhere: some('Immunization', ({ primarySource }) => !primarySource),
  implant: some('Device', (one) => one.udiCarrier[0].carrierHRF !== undefined),
  procedure: some('Procedure', () => true),
  imaging: some('DiagnosticReport', (one) => has('category', 'LP29684-5')(one) && one.media.length > 0),
  cardiology: some('DiagnosticReport', has('category', 'LP29708-2')),
  pathology: some('DiagnosticReport', has('category', 'LP7839-6')),
  laboratory: some('DiagnosticReport', (one) => has('category', 'LAB')(one) && one.specimen.length > 0),
  codedResult: some(
    'Observation',
    (one) => has('category', 'laboratory')(one) && one.valueCodeableConcept !== undefined,
  ),
  longSeries: (person) => longest(person) >= 12,
  pdf: some('DocumentReference', (one) => one.content[0].attachment.contentType === 'application/pdf'),
  procedureNote: some('DocumentReference', (one) => ['28570-0', '11504-8'].some((code) => has('type', code)(one))),
  questionnaire: some('QuestionnaireResponse', () => true),
  score: (person) =>
    SCORES.some(
      (code) => of(person, 'Observation').filter((one) => has('code', code)(one) && one.valueQuantity).length > 2,
    ),
  social: (person) => [...of(person, 'Observation'), ...of(person, 'Condition')].some(has('category', 'sdoh')),
  smoker: some('Observation', has('valueCodeableConcept', '449868002')),
  goals: some('Goal', () => true),
  medicare: some('Coverage', has('type', '1')),
  medicaid: some('Coverage', has('type', '2')),
  bill: some('ExplanationOfBenefit', () => true),
};

describe('the cases of each test patient', () => {
  it.each(people.map((person) => [person.username, person] as const))(
    '%s lists exactly the cases that its data contains',
    (_, person) => {
      const found = (Object.keys(CASES) as CaseKey[]).filter((key) => FOUND[key](person));
      expect(person.covers).toEqual(found);
    },
  );

  it('every case is covered by a test patient', () => {
    const covered = new Set(people.flatMap(({ covers }) => covers));
    expect(Object.keys(CASES).filter((key) => !covered.has(key as CaseKey))).toEqual([]);
  });
});

const named = (type: string, text: string) => (person: GeneratedPerson) =>
  of(person, type).some((one) => within(`"text":"${text}`)(one));
const ill = (text: string) => named('Condition', text);
const takes =
  (...texts: readonly string[]) =>
  (person: GeneratedPerson) =>
    texts.every((text) => named('MedicationRequest', text)(person));
const series = (person: GeneratedPerson, loinc: string): readonly { at: string; value: number }[] =>
  of(person, 'Observation')
    .filter((one) => has('code', loinc)(one) && one.valueQuantity !== undefined)
    .map((one) => ({ at: one.effectiveDateTime, value: one.valueQuantity.value }))
    .sort((one, other) => (one.at < other.at ? -1 : 1));
const times = (loinc: string, least: number) => (person: GeneratedPerson) => series(person, loinc).length >= least;
const falls = (loinc: string) => (person: GeneratedPerson) => {
  const [first, last] = [series(person, loinc)[0], series(person, loinc).at(-1)];
  return first !== undefined && last !== undefined && last.value < first.value * 0.8;
};
const YEAR = 365.25 * 86_400_000;
const years = (dates: readonly string[]): number =>
  (Math.max(...dates.map((date) => Date.parse(date))) - Math.min(...dates.map((date) => Date.parse(date)))) / YEAR;
const visits =
  (kind: string, least = 1) =>
  (person: GeneratedPerson) =>
    of(person, 'Encounter').filter((one) => one.type[0].text === kind).length >= least;
const typesOf = (resources: readonly Resource[]) => new Set(resources.map(({ resourceType }) => resourceType));
const age = (person: GeneratedPerson): number =>
  (Date.parse('2026-11-16') - Date.parse(patient(person).birthDate)) / YEAR;
const byStart = (person: GeneratedPerson): readonly Json[] =>
  of(person, 'Encounter').toSorted((one, other) => (one.period.start < other.period.start ? -1 : 1));
const aged = (low: number, high: number) => (person: GeneratedPerson) => age(person) >= low && age(person) < high;
const contact = (relation: string) => some('Patient', (one) => one.contact?.[0].relationship[0].text === relation);

/** The claims in each description, and a predicate that checks the data for each claim. */
const SAID: Record<string, readonly (readonly [words: string, test: (person: GeneratedPerson) => boolean])[]> = {
  ana: [
    ['diabetes', (person) => ill('Type 2 diabetes')(person) && times('4548-4', 15)(person)],
    ['blood pressure over years', (person) => years(of(person, 'Encounter').map(({ period }) => period.start)) > 7],
    [
      'every type of resource',
      (person) => typesOf(people.flatMap(({ resources }) => resources)).size === typesOf(person.resources).size,
    ],
  ],
  walter: [
    ['the large record', ({ large }) => large],
    ['more than 5,000 resources', ({ resources }) => resources.length > 5000],
    ['dialysis', visits('Dialysis', 250)],
    ['twelve years of lab values', (person) => years(series(person, '2160-0').map(({ at }) => at)) > 11.5],
  ],
  sofia: [
    ['Pregnant', FOUND.pregnancy],
    ['due date', some('Observation', ({ code }) => code.text === 'Due date')],
    [
      'thirty-second week',
      some(
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
      (person) => named('Immunization', 'Measles')(person) && FOUND.vaccineRefused(person),
    ],
    ['peanut allergy', named('AllergyIntolerance', 'Peanut')],
    ['ear infections', (person) => of(person, 'Condition').filter(within('"text":"Ear infection')).length === 2],
  ],
  june: [
    ['A baby', aged(0, 1)],
    ['six months', aged(0.5, 0.58)],
    ['head circumference', times('9843-4', 3)],
    ['weight for length', times('77606-2', 3)],
    ['first vaccines', (person) => of(person, 'Immunization').length > 10],
  ],
  tariq: [
    ['teenager', aged(13, 18)],
    ['asthma and ADHD', (person) => ill('Asthma')(person) && ill('ADHD')(person)],
    ['inhalers', takes('Albuterol inhaler', 'Fluticasone inhaler')],
    ['an emergency visit', (person) => visits('Emergency visit')(person) && !visits('Emergency visit', 2)(person)],
    ['percentiles up to fifteen', (person) => series(person, '59576-9').at(-1)?.at.startsWith('2026') === true],
  ],
  claire: [
    ['Another family name before', FOUND.formerName],
    ['(Rosewood)', some('Patient', within('"use":"old","family":"Rosewood"'))],
    ['thyroid and anxiety', (person) => ill('Underactive thyroid')(person) && ill('Anxiety')(person)],
    [
      'mother of Milo and June',
      ({ key }) =>
        people
          .filter((one) => one.representative?.key === key)
          .map((one) => one.key)
          .join() === 'milo,june',
    ],
  ],
  harold: [
    ['Died in hospital', (person) => FOUND.deceased(person) && some('Encounter', within('"code":"exp"'))(person)],
    ['heart failure and COPD', (person) => ill('Heart failure')(person) && ill('COPD')(person)],
    [
      'an ended record',
      (person) =>
        byStart(person).every(({ status }) => status === 'finished') &&
        byStart(person).at(-1)?.period.end.slice(0, 10) === patient(person).deceasedDateTime.slice(0, 10) &&
        of(person, 'MedicationRequest').every(({ status }) => status !== 'active'),
    ],
    [
      'the last stay with its discharge summary',
      (person) => {
        const last = byStart(person).at(-1);
        const summaries = of(person, 'DocumentReference').filter(has('type', '18842-5'));
        return last?.class.code === 'IMP' && summaries.some(within(`"reference":"Encounter/${last.id}"`));
      },
    ],
  ],
  ramon: [
    [
      'Speaks Spanish only',
      some(
        'Patient',
        ({ communication }) => communication.length === 1 && communication[0].language.coding[0].code === 'es',
      ),
    ],
    ['blood pressure, gout', (person) => ill('High blood pressure')(person) && ill('Gout')(person)],
    ['not always enough to eat (SDOH)', (person) => ill('Not always enough to eat')(person) && FOUND.social(person)],
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
      some('Condition', (one) => has('code', '254837009')(one) && has('clinicalStatus', 'inactive')(one)),
    ],
    [
      'specialist letters as PDF',
      some(
        'DocumentReference',
        (one) => has('type', '11488-4')(one) && one.content[0].attachment.contentType === 'application/pdf',
      ),
    ],
    [
      'a long course of tablets',
      (person) => of(person, 'MedicationRequest').filter(within('"text":"Letrozole')).length > 3,
    ],
  ],
  jonah: [
    ['virtual visits', FOUND.video],
    ['Depression seen over video', (person) => ill('Depression')(person) && visits('Video visit', 10)(person)],
    ['PHQ-9 scores', falls('44261-6')],
    ['a medicine that was changed', (person) => FOUND.stopped(person) && takes('Fluoxetine', 'Sertraline')(person)],
    [
      'Diagnoses and medicines have sensitive labels (PSY)',
      (person) =>
        FOUND.sensitive(person) &&
        person.resources
          .filter(({ resourceType }) => /^(Condition|Medication.*)$/.test(resourceType))
          .every((one) => labelled(one)),
    ],
  ],
  frank: [
    ['COPD', ill('COPD')],
    ['Smokes every day', FOUND.smoker],
    ['oxygen saturation', times('59408-5', 10)],
    ['lung function', times('19926-5', 2)],
    ['a hospital stay with pneumonia', (person) => FOUND.hospital(person) && ill('Pneumonia')(person)],
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
    ['Prefers Chinese', FOUND.chinese],
  ],
  priya: [
    ['Migraine', ill('Migraine')],
    ['medicines for attacks and to prevent them', takes('Naproxen', 'Metoprolol')],
    ['office and video visits', (person) => visits('Follow-up visit')(person) && visits('Video visit')(person)],
  ],
  alex: [
    ['Almost empty', FOUND.nearlyEmpty],
    ['one visit', (person) => of(person, 'Encounter').length === 1],
    ['no known allergies', FOUND.noAllergies],
    ['race, ethnicity', FOUND.originUntold],
    ['a phone number not answered', FOUND.absentExtension],
  ],
  kai: [
    [
      'A broken arm in the emergency department',
      (person) => ill('Broken right forearm')(person) && FOUND.emergency(person),
    ],
    ['strep throat', ill('Strep throat')],
    [
      'an aspirin allergy that was none',
      some(
        'AllergyIntolerance',
        (one) => one.code.text.startsWith('Aspirin') && has('verificationStatus', 'refuted')(one),
      ),
    ],
    [
      'a weight entered in error',
      some('Observation', (one) => has('code', '29463-7')(one) && one.status === 'entered-in-error'),
    ],
  ],
  leonard: [
    [
      'Heart attack three years ago',
      some(
        'Condition',
        (one) => has('code', '22298006')(one) && Math.round(years([one.onsetDateTime, '2026-11-16'])) === 3,
      ),
    ],
    [
      'hospital stay with troponin',
      (person) => FOUND.hospital(person) && (series(person, '89579-7')[0]?.value ?? 0) > 1000,
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
    ['Prefers Arabic', FOUND.arabic],
  ],
  luna: [
    [
      'One of twins: the same family name, birth date and address as Leo',
      (person) => sameHome(person, people.find(({ key }) => key === 'leo') as GeneratedPerson),
    ],
    ['Prefers Spanish', FOUND.spanish],
  ],
  leo: [
    [
      'One of twins: the same family name, birth date and address as Luna',
      (person) => sameHome(person, people.find(({ key }) => key === 'luna') as GeneratedPerson),
    ],
    ['Prefers Spanish', FOUND.spanish],
  ],
  maria: [
    ['A patient of two practices', FOUND.twoPractices],
    [
      'blood pressure at Sandbox Family Practice',
      ({ resources }) => resources.some(within('"text":"High blood pressure"')),
    ],
    ['heart rhythm at Sandbox Heart Clinic', ({ second = [] }) => second.some(within('"text":"Atrial fibrillation"'))],
    ['One account, two records', FOUND.twoPractices],
    ['Prefers Spanish', FOUND.spanish],
  ],
};

/** Phrases about what a test patient is useful for. They make no claim about the data. */
const PURPOSES =
  /the main test patient|for paging, totals and slow clients|shows what an app makes of nothing|to choose from/gi;
const BETWEEN = ['a', 'an', 'the', 'of', 'and', 'then', 'with', 'in', 'but'];
/** Words of a description that no checked claim covers. */
const unproved = ({ about, key }: GeneratedPerson): readonly string[] => {
  const parts = (SAID[key] ?? []).map(([words]) => words).toSorted((one, other) => other.length - one.length);
  const rest = parts.reduce((text, words) => text.replace(words.toLowerCase(), ' '), about.toLowerCase());
  return (rest.replace(PURPOSES, ' ').match(/[\p{L}\d'-]+/gu) ?? []).filter((word) => !BETWEEN.includes(word));
};

describe('the description of each test patient', () => {
  it.each(people.map((person) => [person.username, person] as const))(
    '%s: every part is covered by a check',
    (_, person) => {
      expect(unproved(person)).toEqual([]);
    },
  );

  it.each(people.map((person) => [person.username, person] as const))(
    '%s: the data has what each part claims',
    (_, person) => {
      const claims = SAID[person.key] ?? [];
      expect(claims.length).toBeGreaterThan(0);
      expect(claims.filter(([words]) => !person.about.toLowerCase().includes(words.toLowerCase()))).toEqual([]);
      expect(claims.filter(([, test]) => !test(person)).map(([words]) => words)).toEqual([]);
    },
  );
});
