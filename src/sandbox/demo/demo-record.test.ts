import { describe, expect, it } from 'vitest';
import { sandboxData } from '../../../test/support/fhir/sandbox.ts';
import { personName } from '../../fhir/index.ts';

/** Imports a script of the demo app. The tested functions don't use the DOM, so they also run in Node. */
const load = (name: string) => import(new URL(`assets/${name}`, import.meta.url).href);

/** An entry of a section of the page, or a test of the results. */
interface Shown {
  readonly name: string;
  readonly group?: string;
  readonly marks: readonly string[];
  readonly lines: readonly (string | undefined)[];
  readonly all: readonly Shown[];
  readonly text: string;
}

const { patients } = sandboxData();
type Resource = Record<string, unknown>;
const { SECTIONS } = await load('patient/sections.js');
/** Returns what a section shows of these resources. */
const show = (key: string, ...resources: readonly Resource[]): Shown[] =>
  SECTIONS.find((section: { key: string }) => section.key === key).make(
    Object.groupBy(resources, ({ resourceType }) => String(resourceType)),
  );
const record = (key: string) => (patients.find((person) => person.key === key)?.resources ?? []) as readonly Resource[];
const code = (value: string) => ({ coding: [{ code: value }] });

describe('the entries of the record', async () => {
  const { person } = await load('shared/entries.js');

  it.each(patients.map(({ key }) => key))('of %s all have a name', (key) => {
    const keys = SECTIONS.map((section: { key: string }) => section.key);
    const shown = keys.flatMap((section: string) => show(section, ...record(key)));
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.filter(({ name }: Shown) => typeof name !== 'string' || name === '')).toEqual([]);
  });

  it.each([
    [
      'without a courtesy title',
      [{ use: 'official', family: 'Effertz', given: ['Kim'], prefix: ['Mrs.'], suffix: ['PhD'] }],
    ],
    [
      'as official, in DSTU2',
      [
        { use: 'usual', given: ['K'] },
        { use: 'official', family: ['Stone'], given: ['Kim'], suffix: ['III'] },
      ],
    ],
    [
      'not as former',
      [
        { use: 'maiden', family: 'Jacobi', given: ['Kim'] },
        { family: 'Effertz', given: ['Kim'] },
      ],
    ],
    [
      'not as ended',
      [
        { use: 'official', family: 'Jacobi', given: ['Kim'], period: { end: '2020' } },
        { use: 'usual', text: 'Kim E.' },
      ],
    ],
    ['as text if a part is missing', [{ text: 'Kim Effertz', family: 'Effertz' }]],
    ['as the next name if the first is empty', [{ use: 'official' }, { use: 'nickname', given: ['Kimmy'] }]],
  ])('name the patient as all pages do: %s', (_, name) => {
    expect(person({ name }).name).toBe(personName({ name }));
    expect(personName({ name })).toBeTruthy();
  });

  it('have the doctor and the number of the patient in both versions', () => {
    const identifier = [{ type: code('MR'), value: '123' }];
    expect(person({ identifier, generalPractitioner: [{ display: 'Dr. S' }] })).toMatchObject({
      doctor: 'Dr. S',
      number: '123',
    });
    expect(person({ careProvider: [{ display: 'Dr. S' }] })).toMatchObject({ doctor: 'Dr. S' });
  });

  it('distinguish active, resolved and refuted allergies', () => {
    const states = show('allergies', ...record('ana')).map(({ name, marks, group }) => [
      name.split(' ')[0],
      group,
      marks.at(-1),
    ]);
    expect(states).toEqual([
      ['Penicillin', 'current', 'High risk'],
      ['Shellfish', 'current', 'High risk'],
      ['Latex', 'past', 'Resolved'],
      ['Sulfa', 'past', 'Ruled out'],
    ]);
  });

  it.each([
    ['active', 'current', []],
    ['confirmed', 'current', []],
    ['unconfirmed', 'current', ['Not confirmed']],
    ['resolved', 'past', ['Resolved']],
    ['refuted', 'past', ['Ruled out']],
    ['inactive', 'past', ['Inactive']],
  ])('show a DSTU2 allergy with the status %s as %s', (status, group, marks) => {
    expect(
      show('allergies', { resourceType: 'AllergyIntolerance', substance: { text: 'Peanut' }, status }),
    ).toMatchObject([{ name: 'Peanut', group, marks }]);
  });

  it.each<readonly [Resource, string, readonly string[]]>([
    [{ clinicalStatus: code('active') }, 'current', []],
    [{ clinicalStatus: 'active' }, 'current', []],
    [{ clinicalStatus: code('active'), abatementDateTime: '2020' }, 'unclear', []],
    [{ clinicalStatus: code('active'), verificationStatus: code('provisional') }, 'current', ['Not confirmed']],
    [
      { clinicalStatus: code('active'), verificationStatus: code('differential') },
      'unclear',
      ['One of several possible diagnoses'],
    ],
    [{ clinicalStatus: code('active'), verificationStatus: code('refuted') }, 'past', ['Ruled out']],
    [{ clinicalStatus: code('remission') }, 'past', ['In remission']],
    [{ clinicalStatus: { coding: [{ code: 'active' }, { code: 'resolved' }] } }, 'unclear', ['Resolved']],
    [{}, 'unclear', ['Status not recorded']],
    [{ clinicalStatus: code('active'), category: [code('health-concern')] }, 'current', ['Health concern']],
    [{ clinicalStatus: 'resolved', category: code('diagnosis') }, 'past', ['Resolved']],
    [{ clinicalStatus: code('active'), category: [code('encounter-diagnosis')] }, 'visit', []],
    [
      { clinicalStatus: code('active'), code: { text: 'Family history of gout' } },
      'family',
      ['About a relative, not the patient'],
    ],
  ])('show the condition %j as %s', (given, group, marks) => {
    expect(show('problems', { resourceType: 'Condition', code: { text: 'Gout' }, ...given })).toMatchObject([
      { group, marks },
    ]);
  });

  it.each<readonly [key: string, given: Resource, marks: readonly string[], line: string | undefined]>([
    ['immunizations', { resourceType: 'Immunization', status: 'completed' }, [], undefined],
    [
      'immunizations',
      { resourceType: 'Immunization', status: 'not-done', statusReason: { text: 'Declined' } },
      ['Not given'],
      'Reason: Declined',
    ],
    [
      'immunizations',
      {
        resourceType: 'Immunization',
        status: 'completed',
        wasNotGiven: true,
        explanation: { reasonNotGiven: [{ text: 'Declined' }] },
      },
      ['Not given'],
      'Reason: Declined',
    ],
    ['procedures', { resourceType: 'Procedure', status: 'completed' }, [], undefined],
    [
      'procedures',
      { resourceType: 'Procedure', status: 'not-done', statusReason: { text: 'Fever' } },
      ['Not done'],
      'Reason: Fever',
    ],
    ['procedures', { resourceType: 'Procedure', status: 'completed', notPerformed: true }, ['Not done'], undefined],
    ['procedures', { resourceType: 'Procedure', status: 'preparation' }, ['Being prepared'], undefined],
    ['visits', { resourceType: 'Encounter', status: 'cancelled', class: { code: 'AMB' } }, ['Canceled'], undefined],
    ['visits', { resourceType: 'Encounter', status: 'finished', class: 'emergency' }, ['Emergency'], undefined],
  ])('of the section %s show %j as %j', (key, given, marks, line) => {
    const [entry] = show(key, given);
    expect(entry?.marks).toEqual(marks);
    if (line !== undefined) expect(entry?.lines).toContain(line);
  });

  it('leave out what was entered in error', () => {
    const wrong = { verificationStatus: code('entered-in-error') };
    const shown = [
      ...show(
        'problems',
        { resourceType: 'Condition', ...wrong },
        { resourceType: 'Condition', verificationStatus: 'entered-in-error' },
      ),
      ...show('allergies', { resourceType: 'AllergyIntolerance', ...wrong }),
      ...show(
        'medicines',
        ...['MedicationRequest', 'MedicationStatement'].map((resourceType) => ({
          resourceType,
          status: 'entered-in-error',
        })),
      ),
      ...show('documents', {
        resourceType: 'DocumentReference',
        status: 'current',
        docStatus: code('entered-in-error'),
      }),
    ];
    expect(shown).toEqual([]);
    const weights = show('results', ...record('ana'))
      .filter(({ name }) => name === 'Weight')
      .flatMap(({ all }) => all);
    expect(Math.max(...weights.map(({ text }) => Number.parseFloat(text) || 0))).toBeLessThan(100);
  });
});

describe('the medicines', () => {
  const medicineStates = (...resources: readonly Resource[]) =>
    show('medicines', ...resources).map(({ name, group, marks }) => [name, group, ...marks]);

  it('are current only if they are taken now, prescribed or reported', () => {
    const states = medicineStates(...record('ana')).filter(([, group]) => group !== 'past');
    expect(states).toEqual(
      expect.arrayContaining([
        ['Metformin 500 mg, extended release', 'current'],
        ['Ibuprofen 200 mg', 'current', 'Reported to the practice'],
        ['Aspirin 81 mg', 'current', 'Reported to the practice'],
        ['Loratadine 10 mg', 'current', 'Reported to the practice'],
        ['Insulin glargine', 'planned', 'Planned, not prescribed'],
      ]),
    );
    const stopped = show('medicines', ...record('ana')).find(({ name }) => name === 'Simvastatin 20 mg');
    expect(stopped).toMatchObject({
      group: 'past',
      lines: expect.arrayContaining(['Stopped: Side effect: sore muscles']),
    });
  });

  it.each<readonly [Resource, readonly string[]]>([
    [{ status: 'active' }, ['current']],
    [{ status: 'active', intent: 'order' }, ['current']],
    [{ status: 'active', intent: 'proposal' }, ['planned', 'Suggested, not prescribed']],
    [{ status: 'active', intent: 'plan' }, ['planned', 'Planned, not prescribed']],
    [{ status: 'active', intent: 'plan', reportedBoolean: true }, ['current', 'Reported to the practice']],
    [{ status: 'active', intent: 'order', doNotPerform: true }, ['avoid', 'Not to be taken']],
    [{ status: 'draft', intent: 'order' }, ['planned', 'Draft']],
    [{ status: 'on-hold', intent: 'order' }, ['unclear', 'Paused']],
    [{ status: 'unknown' }, ['unclear', 'Status not known']],
    [{}, ['unclear', 'Status not recorded']],
    [{ status: 'cancelled', intent: 'order' }, ['past', 'Canceled']],
    [{ status: 'completed', intent: 'plan' }, ['past', 'Planned, not prescribed', 'Completed']],
  ])('show the prescription %j as %j', (given, state) => {
    const medicationCodeableConcept = { text: 'Metformin' };
    expect(medicineStates({ resourceType: 'MedicationRequest', medicationCodeableConcept, ...given })).toEqual([
      ['Metformin', ...state],
    ]);
  });

  it.each<readonly [Resource, readonly string[]]>([
    [{ status: 'active' }, ['current']],
    [{ status: 'intended' }, ['planned', 'Not started yet']],
    [{ status: 'not-taken' }, ['past', 'Not taken']],
    [{ status: 'active', wasNotTaken: true }, ['past', 'Not taken']],
    [{ status: 'active', effectivePeriod: { end: '2020-03' } }, ['unclear']],
    [{ status: 'on-hold' }, ['unclear', 'Paused']],
  ])('show the statement %j as %j', (given, [group, ...marks]) => {
    const medicationReference = { display: 'Aspirin' };
    expect(medicineStates({ resourceType: 'MedicationStatement', medicationReference, ...given })).toEqual([
      ['Aspirin', group, 'Reported to the practice', ...marks],
    ]);
  });

  it('list a prescription and the statement made from it once, unless the statement says something else', () => {
    const medicationCodeableConcept = { text: 'Metformin' };
    const order = {
      resourceType: 'MedicationOrder',
      id: '1',
      status: 'active',
      dateWritten: '2026-01-02',
      medicationCodeableConcept,
    };
    const supportingInformation = [{ reference: 'MedicationOrder/1' }];
    const statement = {
      resourceType: 'MedicationStatement',
      status: 'active',
      medicationCodeableConcept,
      supportingInformation,
    };
    expect(medicineStates(order, statement)).toEqual([['Metformin', 'current']]);
    expect(medicineStates(statement)).toEqual([['Metformin', 'current', 'Reported to the practice']]);
    expect(medicineStates({ ...order, status: 'on-hold' }, statement)).toEqual([['Metformin', 'unclear', 'Paused']]);
    expect(medicineStates(order, { ...statement, wasNotTaken: true })).toHaveLength(2);
    expect(medicineStates({ ...order, status: 'completed' }, statement)).toHaveLength(2);
  });

  it('list a renewed prescription once, with all its dates', () => {
    const orders = ['2025-01-02', '2026-01-02'].map((authoredOn) => ({
      resourceType: 'MedicationRequest',
      status: 'completed',
      medicationCodeableConcept: { text: 'Metformin' },
      authoredOn,
    }));
    expect(show('medicines', ...orders)).toMatchObject([{ dates: ['2026-01-02', '2025-01-02'] }]);
  });
});

describe('the results', () => {
  const observed = (given: Resource) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'Weight' },
    ...given,
  });
  const weight = { valueQuantity: { value: 70, unit: 'kg' } };
  const shown = (...given: readonly Resource[]) => show('results', ...given.map(observed));

  it('are grouped by the panels of observations and reports', () => {
    const panels = new Map(show('results', ...record('ana')).map((test) => [test.name, test]));
    expect(panels.get('Sodium')).toMatchObject({ panel: 'Comprehensive metabolic panel', kind: 'laboratory' });
    const members = ['1', '2'].map((id) => ({
      id,
      category: code('laboratory'),
      code: { text: id },
      valueString: 'x',
    }));
    const references = members.map(({ id }) => ({ reference: `Observation/${id}` }));
    const related = references.map((target) => ({ type: 'has-member', target }));
    for (const panel of [
      observed({ code: { text: 'Panel' }, hasMember: references }),
      observed({ code: { text: 'Panel' }, related }),
      { resourceType: 'DiagnosticReport', code: { text: 'Panel' }, result: references },
    ])
      expect(show('results', ...members.map(observed), panel)).toMatchObject([{ panel: 'Panel' }, { panel: 'Panel' }]);
  });

  it('have the latest value first, with the flag and the range of the source', () => {
    const glucose = {
      code: { text: 'Glucose' },
      valueQuantity: { value: 134, unit: 'mg/dL' },
      referenceRange: [{ low: { value: 70 }, high: { value: 99, unit: 'mg/dL' } }],
    };
    const [test] = shown(
      { ...glucose, effectiveDateTime: '2025-01-02' },
      { ...glucose, effectiveDateTime: '2026-01-02', interpretation: [code('H')] },
      { ...glucose, effectiveDateTime: 'not a date' },
    );
    expect(test).toMatchObject({
      at: '2026-01-02',
      text: '134 mg/dL',
      flag: 'High',
      mark: 'high',
      range: { low: 70, high: 99 },
    });
    expect(test?.all).toMatchObject([{ flag: 'High' }, { flag: '', mark: undefined }, { at: 'not a date' }]);
  });

  it.each<readonly [Resource, string, string | undefined]>([
    [{ interpretation: code('LL') }, 'Critically low', 'low'],
    [{ interpretation: [code('N')] }, '', undefined],
    [{ interpretation: [{ text: 'See note' }] }, 'See note', undefined],
    [
      { component: [{ code: { text: 'Left' }, valueString: 'x', interpretation: [code('A')] }] },
      'Left: Abnormal',
      'odd',
    ],
    [{ status: 'preliminary' }, 'Preliminary: may still change', undefined],
    [{ status: 'cancelled', interpretation: [code('H')] }, 'High; Canceled', undefined],
  ])('say what the source says of %j', (given, flag, mark) => {
    expect(shown({ ...weight, ...given })).toMatchObject([{ flag, mark }]);
  });

  it.each<readonly [Resource, string | undefined]>([
    [{ low: { value: 12, unit: 'g/dL' }, high: { value: 15.5, unit: 'g/dL' } }, '12 to 15.5 g/dL'],
    [{ high: { value: 5, unit: 'mg/dL' }, meaning: code('normal') }, 'up to 5 mg/dL'],
    [{ text: 'negative' }, 'negative'],
    [{ text: '5 to 10', type: code('therapeutic') }, undefined],
  ])('show the range %j as %s', (range, text) => {
    const [test] = shown({ ...weight, referenceRange: [range] });
    expect((test as unknown as { range?: { text: string } }).range?.text).toBe(text);
  });

  it.each<readonly [Resource, string]>([
    [{ ...weight, component: [{ code: { text: 'Position' }, valueString: 'sitting' }] }, '70 kg; Position: sitting'],
    [{ valueQuantity: { value: 0.01, comparator: '<', unit: 'ng/mL' } }, 'less than 0.01 ng/mL'],
    [{ valueBoolean: false }, 'No'],
    [{ valueCodeableConcept: { coding: [{ display: 'Former smoker (finding)' }] } }, 'Former smoker'],
    [{ dataAbsentReason: code('asked-declined') }, 'Asked, but not answered'],
    [{ dataAbsentReason: { text: 'Not wanted' } }, 'Not wanted'],
    [{}, 'Not known'],
  ])('show the value of %j as %s', (given, text) => expect(shown(given)).toMatchObject([{ text }]));

  it('show a blood pressure as a pair with two lines', () => {
    const pressure = show('results', ...record('ana')).find(({ name }) => name === 'Blood pressure');
    expect(pressure?.text).toMatch(/^\d{3}\/\d{2} mmHg$/);
    expect(pressure).toMatchObject({ plotted: [{ line: 'Upper (systolic)' }, { line: 'Lower (diastolic)' }] });
  });

  it('keep values about another person apart, and say so', () => {
    const fetus = {
      ...weight,
      subject: { reference: 'Patient/1' },
      focus: [{ reference: 'RelatedPerson/2', display: 'the baby' }],
    };
    expect(shown(weight, fetus).map(({ name }) => name)).toEqual(['Weight', 'Weight (about: the baby)']);
  });
});
