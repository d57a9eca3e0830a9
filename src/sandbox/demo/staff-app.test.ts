import { describe, expect, it } from 'vitest';
import { sandboxData } from '../../../test/support/fhir/sandbox.ts';

/** Imports a script of the apps. The tested functions don't use the DOM, so they also run in Node. */
const load = (name: string) => import(new URL(`assets/${name}`, import.meta.url).href);
const { changesSince, lastVisit } = await load('staff/changes.js');
const { recentLabs } = await load('staff/recent-labs.js');
const { latestVitals } = await load('staff/vitals.js');
const { allergiesOf } = await load('staff/allergies.js');
const { isReadable } = await load('staff/ehr-style.js');

type Json = Record<string, unknown>;
interface Change {
  readonly name: string;
  readonly marks: readonly string[];
  readonly label?: string;
  readonly at: string;
}
interface Changes {
  readonly kinds: readonly { readonly key: string; readonly entries: readonly Change[] }[];
  readonly labs: readonly { readonly name: string; readonly text: string; readonly flag: string }[];
}

const code = (value: string) => ({ coding: [{ code: value }] });
const visit = (id: string, start: string, more: Json = {}) => ({ id, status: 'finished', period: { start }, ...more });
const LAST = visit('last', '2026-05-12T09:00:00-05:00', {
  period: { start: '2026-05-12T09:00:00-05:00', end: '2026-05-12T09:30:00-05:00' },
});
const NONE = {
  AllergyIntolerance: [],
  Condition: [],
  MedicationRequest: [],
  MedicationStatement: [],
  Observation: [],
  Immunization: [],
  Procedure: [],
  Encounter: [],
};
const changes = (resources: Json, current?: Json): Changes => changesSince(LAST, { ...NONE, ...resources }, current);
const changed = (key: string, resources: Json, current?: Json) =>
  changes(resources, current).kinds.find((kind) => kind.key === key)?.entries ?? [];

describe('the last visit', () => {
  const spring = visit('spring', '2026-03-01T10:00:00Z');
  const summer = visit('summer', '2026-06-01T10:00:00Z');
  const now = new Date('2026-09-01T10:00:00Z');

  it.each<[string, readonly Json[], Json | undefined, string | undefined]>([
    ['is the latest one before now, if no visit is open', [spring, summer], undefined, 'summer'],
    ['is before the open one', [spring, summer], summer, 'spring'],
    ['is before a planned one', [spring, summer], visit('next', '2026-12-01', { status: 'planned' }), 'summer'],
    ['was not canceled', [spring, { ...summer, status: 'cancelled' }], undefined, 'spring'],
    ['was not entered in error', [spring, { ...summer, status: 'entered-in-error' }], undefined, 'spring'],
    ['is not in the future', [spring, visit('later', '2027-01-01')], undefined, 'spring'],
    ['has a date', [visit('odd', 'soon')], undefined, undefined],
    ['does not exist', [summer], summer, undefined],
  ])('%s', (_what, encounters, current, expected) => expect(lastVisit(encounters, current, now)?.id).toBe(expected));
});

describe('changes since the last visit', () => {
  const condition = (more: Json) => ({ clinicalStatus: code('active'), code: { text: 'Gout' }, ...more });

  it.each<[string, Json, readonly string[] | undefined]>([
    ['recorded later', { recordedDate: '2026-06-01' }, ['Recorded']],
    ['that began later', { recordedDate: '2026-01-01', onsetDateTime: '2026-06-01' }, ['Since']],
    [
      'that ended later',
      { clinicalStatus: code('resolved'), recordedDate: '2020-01-01', abatementDateTime: '2026-06-01' },
      ['Until', 'Resolved'],
    ],
    ['without a date', {}, undefined],
    ['of the day of the visit', { recordedDate: '2026-05-12' }, undefined],
    ['of a time during the visit', { recordedDate: '2026-05-12T09:10:00-05:00' }, undefined],
    ['of a time after the visit', { recordedDate: '2026-05-12T18:00:00-05:00' }, ['Recorded']],
    ['of the month of the visit', { recordedDate: '2026-05' }, ['Recorded', 'Exact day not recorded']],
    ['of a month before', { recordedDate: '2026-04' }, undefined],
    ['with a date that isn’t one', { recordedDate: 'yesterday' }, undefined],
    ['entered in error', { recordedDate: '2026-06-01', verificationStatus: code('entered-in-error') }, undefined],
    [
      'that was ruled out',
      { recordedDate: '2026-06-01', verificationStatus: code('refuted') },
      ['Recorded', 'Ruled out'],
    ],
    [
      'diagnosed at a visit',
      { recordedDate: '2026-06-01', category: [code('encounter-diagnosis')] },
      ['Recorded', 'Diagnosed at a visit'],
    ],
    [
      'whose status contradicts its end',
      { recordedDate: '2026-06-01', abatementDateTime: '2026-06-02' },
      ['Recorded', 'Paused or not clear'],
    ],
    [
      'of a relative',
      { recordedDate: '2026-06-01', code: { text: 'Family history of gout' } },
      ['Recorded', 'About a relative, not the patient'],
    ],
  ])('a problem %s is listed as what it is, or not at all', (_what, more, expected) => {
    const [entry, ...others] = changed('problems', { Condition: [condition(more)] });
    expect(others).toEqual([]);
    expect(entry && [entry.label, ...entry.marks]).toEqual(expected);
  });

  it('a medicine says whether it is prescribed, planned, reported, stopped, or not to be taken', () => {
    const request = (id: string, more: Json) => ({
      resourceType: 'MedicationRequest',
      id,
      status: 'active',
      intent: 'order',
      authoredOn: '2026-06-01',
      medicationCodeableConcept: { text: id },
      ...more,
    });
    const statement = (id: string, more: Json) => ({
      resourceType: 'MedicationStatement',
      id,
      status: 'active',
      medicationCodeableConcept: { text: id },
      ...more,
    });
    const entries = changed('medicines', {
      MedicationRequest: [
        request('A', {}),
        request('B', { intent: 'plan' }),
        request('C', { status: 'stopped' }),
        request('D', { doNotPerform: true }),
        request('old', { authoredOn: '2026-01-01' }),
      ],
      MedicationStatement: [
        statement('E', { dateAsserted: '2026-06-02' }),
        statement('F', { dateAsserted: '2026-01-01', effectivePeriod: { end: '2026-06-03' } }),
        statement('same as A', { dateAsserted: '2026-06-02', derivedFrom: [{ reference: 'MedicationRequest/A' }] }),
      ],
    });
    expect(Object.fromEntries(entries.map(({ name, label, marks }) => [name, [label, ...marks]]))).toEqual({
      A: ['Prescribed'],
      B: ['Recorded', 'Planned, not prescribed'],
      C: ['Prescribed', 'Stopped'],
      D: ['Recorded', 'Not to be taken'],
      E: ['Recorded', 'Reported to the practice'],
      F: ['Until', 'Reported to the practice', 'Paused or not clear'],
    });
  });

  it('include results with the source’s flags, vaccines that were not given, and other visits', () => {
    const lab = (more: Json) => ({
      status: 'final',
      category: [code('laboratory')],
      code: { text: 'Glucose' },
      valueQuantity: { value: 300, unit: 'mg/dL' },
      referenceRange: [{ high: { value: 99 } }],
      ...more,
    });
    const found = changes(
      {
        Observation: [
          lab({ effectiveDateTime: '2026-06-01' }),
          lab({ code: { text: 'Sodium' }, effectiveDateTime: '2026-06-01', interpretation: [code('L')] }),
          lab({ code: { text: 'Iron' }, effectiveDateTime: '2026-06-01', status: 'entered-in-error' }),
          lab({ code: { text: 'Zinc' }, effectiveDateTime: '2026-01-01' }),
        ],
        Immunization: [{ status: 'not-done', vaccineCode: { text: 'Flu shot' }, occurrenceDateTime: '2026-06-01' }],
        Encounter: [LAST, visit('open', '2026-07-01'), visit('no-show', '2026-06-01', { status: 'cancelled' })],
      },
      visit('open', '2026-07-01'),
    );
    expect(found.labs.map(({ name, flag }) => [name, flag])).toEqual([
      ['Glucose', ''],
      ['Sodium', 'Low'],
    ]);
    expect(found.kinds.map(({ key, entries }) => [key, ...entries.map(({ marks }) => marks.join())])).toEqual([
      ['immunizations', 'Not given'],
      ['visits', 'Canceled'],
    ]);
  });
});

describe('recent labs', () => {
  const test = (name: string, at: string, mark?: string) => ({ name, at, time: Date.parse(at) || undefined, mark });
  const names = (tests: readonly { name: string }[]) => tests.map(({ name }) => name);

  it('are those of the 12 months up to the latest result; older ones are apart, with or without a flag', () => {
    const { recent, flagged, older, until } = recentLabs(
      [
        test('latest', '2020-06-01'),
        test('within', '2019-06-02'),
        test('before', '2019-05-01'),
        test('flagged', '2015-01-01', 'high'),
        test('undated', 'unknown'),
        test('future', '2090-01-01'),
      ],
      Date.parse('2026-01-01'),
    );
    expect({ recent: names(recent), flagged: names(flagged), older: names(older), until }).toEqual({
      recent: ['latest', 'within', 'undated', 'future'],
      flagged: ['flagged'],
      older: ['before'],
      until: '2020-06-01',
    });
  });

  it('are none without results', () =>
    expect(recentLabs([])).toEqual({ recent: [], flagged: [], older: [], until: undefined }));
});

describe('the latest vital signs', () => {
  const vital = (loinc: string, at: string, value?: number, more: Json = {}) => ({
    status: 'final',
    code: code(loinc),
    effectiveDateTime: at,
    ...(value === undefined ? {} : { valueQuantity: { value, unit: 'kg' } }),
    ...more,
  });
  const part = (loinc: string, value: number) => ({ code: code(loinc), valueQuantity: { value, unit: 'mmHg' } });
  const shown = (observations: readonly Json[]) => {
    const { latest, missing } = latestVitals(observations);
    return { latest: latest.map(({ text, at }: { text: string; at: string }) => [text, at]), missing };
  };

  it('are the newest with a result, in the unit of the source, and name what is missing', () => {
    const pressure = { component: [part('8480-6', 124), part('8462-4', 78)] };
    expect(
      shown([
        vital('85354-9', '2026-05-01T09:00:00-07:00', undefined, pressure),
        vital('29463-7', '2026-05-01', 70),
        vital('29463-7', '2026-06-01', 154, { valueQuantity: { value: 154, unit: '[lb_av]' } }),
        vital('29463-7', '2026-07-01', undefined, { dataAbsentReason: code('asked-declined') }),
        vital('29463-7', '2026-08-01', 90, { status: 'entered-in-error' }),
        vital('29463-7', '2026-08-01', 90, { status: 'cancelled' }),
        vital('8867-4', '2026-08-01', 140, {
          subject: { reference: 'Patient/a' },
          focus: [{ reference: 'Patient/b' }],
        }),
      ]),
    ).toEqual({
      latest: [
        ['124/78 mmHg', '2026-05-01T09:00:00-07:00'],
        ['154 lb', '2026-06-01'],
      ],
      missing: ['pulse', 'temperature'],
    });
  });

  it('have both values of a blood pressure that a source sends apart', () =>
    expect(shown([vital('8480-6', '2026-05-01', 124), vital('8462-4', '2026-05-01', 78)])).toMatchObject({
      latest: [
        ['124 kg', '2026-05-01'],
        ['78 kg', '2026-05-01'],
      ],
      missing: ['weight', 'pulse', 'temperature'],
    }));
});

describe('allergies', () => {
  const allergy = (text: string, more: Json = {}) => ({ clinicalStatus: code('active'), code: { text }, ...more });
  const none = (more: Json = {}) =>
    allergy('No known allergies', { code: { coding: [{ code: '716186003' }], text: 'No known allergies' }, ...more });
  interface Heeded {
    readonly name: string;
    readonly heed: { readonly facts: readonly (readonly [string, string])[] };
  }
  const sorted = (AllergyIntolerance: readonly Json[]) => {
    const { noneKnown, heeded, past } = allergiesOf({ AllergyIntolerance });
    const names = (entries: readonly Heeded[]) => entries.map(({ name }) => name);
    return { noneKnown: names(noneKnown), heeded: names(heeded), past: names(past) };
  };

  it('are shown with reactions and criticality, those of high criticality first', () => {
    const reaction = [{ manifestation: [{ text: 'Hives' }, { text: 'Itching' }], severity: 'moderate' }];
    const { heeded } = allergiesOf({
      AllergyIntolerance: [allergy('Latex'), allergy('Penicillin', { criticality: 'high', reaction })],
    });
    expect(heeded.map(({ name, heed }: Heeded) => [name, ...heed.facts.map((fact) => fact.join(': '))])).toEqual([
      ['Penicillin', 'Reaction: Hives, Itching (moderate)', 'Criticality: High'],
      ['Latex', 'Reaction: Not recorded', 'Criticality: Not recorded'],
    ]);
  });

  it.each<[string, readonly Json[], object]>([
    ['none known only if the record says so', [none()], { noneKnown: ['No known allergies'], heeded: [], past: [] }],
    ['nothing recorded', [], { noneKnown: [], heeded: [], past: [] }],
    [
      'none known, refuted',
      [none({ verificationStatus: code('refuted') })],
      { noneKnown: [], heeded: [], past: ['No known allergies'] },
    ],
    [
      'an allergy whose status isn’t clear, and a past one',
      [allergy('Egg', { clinicalStatus: undefined }), allergy('Peanut', { clinicalStatus: code('resolved') })],
      { noneKnown: [], heeded: ['Egg'], past: ['Peanut'] },
    ],
    [
      'entered in error',
      [allergy('Egg', { verificationStatus: code('entered-in-error') })],
      { noneKnown: [], heeded: [], past: [] },
    ],
  ])('%s', (_what, resources, expected) => expect(sorted(resources)).toEqual(expected));
});

describe('colors of the launching system', () => {
  const style = {
    color_text: '#000000',
    color_highlight: '#004488',
    color_error: '#aa0000',
    color_background: '#ffffff',
  };

  it('apply if text can be read with them', () => expect(isReadable(style)).toBe(true));

  it.each([
    ['gray on gray', { color_text: '#777777', color_background: '#888888' }],
    ['links too light', { color_highlight: '#66aaff' }],
    ['a color in another notation', { color_text: 'hsl(0 0% 0%)' }],
    ['no background', { color_background: undefined }],
  ])('don’t apply with %s', (_what, change) => expect(isReadable({ ...style, ...change })).toBe(false));
});

describe('the sandbox', () => {
  it('has patients with changes since their last visit, of several kinds', () => {
    const kinds = sandboxData().patients.flatMap(({ resources }) => {
      const byType = {
        ...NONE,
        ...Object.groupBy(resources as readonly Json[], (each) => String(each['resourceType'])),
      };
      const latest = lastVisit(byType.Encounter, undefined);
      const before = latest && lastVisit(byType.Encounter, latest);
      return before === undefined ? [] : (changesSince(before, byType, latest) as Changes).kinds.map(({ key }) => key);
    });
    expect([...new Set(kinds)].sort()).toEqual(expect.arrayContaining(['immunizations', 'medicines', 'problems']));
  });
});
