import { describe, expect, it } from 'vitest';
import { convert, hidingRule } from '../fixtures/convert.ts';
import { concept, observation, TERMINOLOGY } from '../fixtures/small-resources.ts';

const LOINC = 'http://loinc.org';
const CATEGORY = `${TERMINOLOGY}/observation-category`;
const DSTU2_CATEGORY = 'http://hl7.org/fhir/observation-category';

describe('Observation in DSTU2', () => {
  it.each([
    ['registered', 'registered'],
    ['preliminary', 'preliminary'],
    ['final', 'final'],
    ['amended', 'amended'],
    ['corrected', 'amended'],
    ['cancelled', 'cancelled'],
    ['entered-in-error', 'entered-in-error'],
    ['unknown', 'unknown'],
  ])('maps the status %s to %s', (status, expected) => {
    expect(convert(observation({ status }))['status']).toBe(expected);
  });

  it('is hidden if its status is unknown or missing', () => {
    expect(hidingRule(observation({ status: 'new-code' }))).toBe('status-not-understood');
    expect(hidingRule(observation({ status: undefined }))).toBe('status-not-understood');
  });

  it('is hidden if its focus isn’t its subject, such as a fetus or a donor', () => {
    const [self, other] = [{ reference: 'Patient/p' }, { reference: 'RelatedPerson/fetus' }];
    expect(hidingRule(observation({ focus: [other] }))).toBe('focus-not-subject');
    expect(hidingRule(observation({ focus: [self, other] }))).toBe('focus-not-subject');
    expect(hidingRule(observation({ focus: [{ display: 'the fetus' }] }))).toBe('focus-not-subject');
    expect(hidingRule(observation({ focus: other }))).toBe('focus-not-subject');
    expect(hidingRule(observation({ focus: [self] }))).toBeUndefined();
  });

  it.each(['social-history', 'vital-signs', 'imaging', 'laboratory', 'procedure', 'survey', 'exam', 'therapy'])(
    'maps the system of the category %s',
    (code) => {
      expect(convert(observation({ category: [concept(CATEGORY, code)] }))['category']).toEqual(
        concept(DSTU2_CATEGORY, code),
      );
    },
  );

  it('has one category: the first that DSTU2 defines', () => {
    const sdoh = concept('http://hl7.org/fhir/us/core/CodeSystem/us-core-category', 'sdoh');
    const category = [sdoh, concept(CATEGORY, 'activity'), concept(CATEGORY, 'survey'), concept(CATEGORY, 'exam')];
    expect(convert(observation({ category }))['category']).toEqual(concept(DSTU2_CATEGORY, 'survey'));
    expect(convert(observation({ category: [sdoh] }))['category']).toEqual(sdoh);
  });

  it('has text for the newer category activity', () => {
    const category = [concept(CATEGORY, 'activity')];
    expect(convert(observation({ category }))['category']).toEqual({
      ...concept(CATEGORY, 'activity'),
      text: 'activity',
    });
  });

  it('also has Argonaut’s code for a blood pressure panel', () => {
    const codes = (code: unknown) => {
      const made = convert(observation({ code }))['code'] as { coding: { code: string }[] };
      return made.coding.map((one) => one.code);
    };
    const both = { coding: [...concept(LOINC, '85354-9').coding, ...concept(LOINC, '55284-4').coding] };
    const oximetry = { coding: [...concept(LOINC, '2708-6').coding, ...concept(LOINC, '59408-5').coding] };
    expect(codes(concept(LOINC, '85354-9'))).toEqual(['85354-9', '55284-4']);
    expect(codes(both)).toEqual(['85354-9', '55284-4']);
    expect(codes(concept('https://example.org', '85354-9'))).toEqual(['85354-9']);
    expect(codes(oximetry)).toEqual(['2708-6', '59408-5']);
  });

  it('has booleans and integers in the forms of DSTU2', () => {
    const yesNo = (code: string, display: string) => ({
      coding: [{ system: 'http://hl7.org/fhir/v2/0136', code, display }],
    });
    expect(convert(observation({ valueBoolean: true }))['valueCodeableConcept']).toEqual(yesNo('Y', 'Yes'));
    expect(convert(observation({ valueBoolean: false }))['valueCodeableConcept']).toEqual(yesNo('N', 'No'));
    expect(convert(observation({ valueInteger: 0 }))['valueQuantity']).toEqual({ value: 0 });
    expect(convert(observation({ valueInteger: { a: 1 } }))).not.toHaveProperty('valueQuantity');
  });

  it('has sampled data only with the data, which DSTU2 requires', () => {
    const empty = { origin: { value: 0 }, period: 10, dimensions: 1 };
    expect(convert(observation({ valueSampledData: empty }))).not.toHaveProperty('valueSampledData');
    expect(convert(observation({ valueSampledData: { ...empty, data: '1' } }))['valueSampledData']).toEqual({
      ...empty,
      data: '1',
    });
  });

  it.each([
    ['unknown', 'unknown'],
    ['asked-unknown', 'asked'],
    ['temp-unknown', 'temp'],
    ['not-asked', 'not-asked'],
    ['asked-declined', 'asked'],
    ['masked', 'masked'],
    ['not-applicable', 'unknown'],
    ['unsupported', 'unsupported'],
    ['as-text', 'astext'],
    ['error', 'error'],
    ['not-a-number', 'NaN'],
    ['negative-infinity', 'NaN'],
    ['positive-infinity', 'NaN'],
    ['not-performed', 'unknown'],
    ['not-permitted', 'unknown'],
  ])('maps the reason %s for a missing value to %s, in a component too', (code, expected) => {
    const dataAbsentReason = concept(`${TERMINOLOGY}/data-absent-reason`, code);
    const made = convert(observation({ dataAbsentReason, component: [{ code: { text: 'x' }, dataAbsentReason }] }));
    const reason = concept('http://hl7.org/fhir/data-absent-reason', expected);
    expect(made).toMatchObject({ dataAbsentReason: reason, component: [{ dataAbsentReason: reason }] });
  });

  it.each(['asked-declined', 'not-performed', 'not-permitted', 'not-applicable', 'positive-infinity'])(
    'keeps the text of the reason %s, if the code says less',
    (code) => {
      const reason = { coding: [{ system: `${TERMINOLOGY}/data-absent-reason`, code, display: `words of ${code}` }] };
      const made = convert(observation({ dataAbsentReason: reason, component: [] }))['dataAbsentReason'];
      expect(made).toMatchObject({ text: `words of ${code}` });
      const own = convert(observation({ dataAbsentReason: { ...reason, text: 'own words' } }))['dataAbsentReason'];
      expect(own).toMatchObject({ text: 'own words' });
    },
  );

  it('has no component without a code', () => {
    const component = [{ valueString: 'x' }, { code: { text: 'a' }, valueString: 'y' }];
    expect(convert(observation({ component }))['component']).toEqual([component[1]]);
  });

  const INTERPRETATION = `${TERMINOLOGY}/v3-ObservationInterpretation`;
  it.each([
    ['N HH', 'HH'],
    ['H LL', 'LL'],
    ['N H', 'H'],
    ['H HU', 'HU'],
    ['A AA', 'AA'],
    ['S R', 'R'],
    ['NEG POS', 'POS'],
    ['N U', 'U'],
    ['U H', 'H'],
    ['H A', 'H'],
  ])('has the most critical of the interpretations %s: %s', (codes, expected) => {
    const interpretation = codes.split(' ').map((code) => concept(INTERPRETATION, code));
    expect(convert(observation({ interpretation }))['interpretation']).toEqual(
      concept('http://hl7.org/fhir/v2/0078', expected),
    );
  });

  it('ranks text interpretations above normal codes, and below critical ones', () => {
    const text = { text: 'see comment' };
    const of = (...interpretation: unknown[]) => convert(observation({ interpretation }))['interpretation'];
    expect(of(concept(INTERPRETATION, 'N'), text)).toEqual(text);
    expect(of(text, concept(`${TERMINOLOGY}/v2-0078`, 'HH'))).toEqual(concept('http://hl7.org/fhir/v2/0078', 'HH'));
    expect(of(concept(INTERPRETATION, 'L'), concept('https://example.org', 'HH'))).toMatchObject({
      coding: [{ code: 'L' }],
    });
  });

  it('includes the population of each reference range', () => {
    const range = (low: number, appliesTo: unknown, text?: string) => ({
      low: { value: low },
      appliesTo,
      ...(text === undefined ? {} : { text }),
    });
    const referenceRange = [
      range(12, [{ text: 'female' }]),
      range(13, [{ coding: [{ code: '248153007', display: 'Male' }] }, { text: 'adult' }], '13 and more'),
      range(14, [{ text: 'child' }], 'child'),
      { ...range(15, undefined), age: { low: { value: 18 } } },
      range(16, [{}]),
      { appliesTo: [{ text: 'nobody' }] },
    ];
    const expected = [
      { low: { value: 12 }, text: 'applies to: female' },
      { low: { value: 13 }, text: '13 and more (applies to: Male and adult)' },
      { low: { value: 14 }, text: 'child' },
      { low: { value: 15 }, age: { low: { value: 18 } } },
      { low: { value: 16 } },
    ];
    const made = convert(observation({ referenceRange, component: [{ code: { text: 'x' }, referenceRange }] }));
    expect(made).toMatchObject({ referenceRange: expected, component: [{ referenceRange: expected }] });
  });

  it.each([
    ['H', 'http://hl7.org/fhir/v2/0078'],
    ['LU', 'http://hl7.org/fhir/v2/0078'],
    ['H>', 'http://hl7.org/fhir/v3/ObservationInterpretation'],
    ['NCL', `${TERMINOLOGY}/v3-ObservationInterpretation`],
  ])('maps the interpretation %s to the system %s', (code, system) => {
    const interpretation = [concept(`${TERMINOLOGY}/v3-ObservationInterpretation`, code), { text: 'second' }];
    expect(convert(observation({ interpretation }))['interpretation']).toEqual(concept(system, code));
  });

  it('has its relations in one list, with the types that DSTU2 supports', () => {
    const made = convert(
      observation({
        derivedFrom: [{ reference: 'Media/m', display: 'a picture' }, { reference: 'QuestionnaireResponse/q' }],
        hasMember: [{ reference: 'Observation/a' }, { reference: 'MolecularSequence/s' }],
      }),
    );
    expect(made['related']).toEqual([
      { type: 'derived-from', target: { reference: 'QuestionnaireResponse/q' } },
      { type: 'has-member', target: { reference: 'Observation/a' } },
    ]);
  });

  it('has its effective time as the issue time of a smoking status, which Argonaut requires', () => {
    const smoking = (changes: object) =>
      convert(observation({ code: concept(LOINC, '72166-2'), ...changes }))['issued'];
    expect(smoking({ effectiveDateTime: '2020-01-01T10:00:00Z' })).toBe('2020-01-01T10:00:00Z');
    expect(smoking({ effectiveDateTime: '2020-01-01T10:00:00Z', issued: '2021-01-01T00:00:00Z' })).toBe(
      '2021-01-01T00:00:00Z',
    );
    expect(smoking({ effectiveDateTime: '2020-01-01' })).toBeUndefined();
    expect(convert(observation({ effectiveDateTime: '2020-01-01T10:00:00Z' }))).not.toHaveProperty('issued');
  });

  it('has an instant as a date and time, and omits a Timing', () => {
    expect(convert(observation({ effectiveInstant: '2020-01-01T10:00:00Z' }))['effectiveDateTime']).toBe(
      '2020-01-01T10:00:00Z',
    );
    expect(Object.keys(convert(observation({ effectiveTiming: { event: ['2020'] } }))).join()).not.toContain(
      'effective',
    );
  });

  it('has the performers that DSTU2 supports, and a care team by name', () => {
    const performer = [
      { reference: 'RelatedPerson/r' },
      { reference: 'CareTeam/t', display: 'Team' },
      { reference: 'CareTeam/u' },
    ];
    expect(convert(observation({ performer }))['performer']).toEqual([
      { reference: 'RelatedPerson/r' },
      { display: 'Team' },
    ]);
  });
});

describe('Observations with Argonaut profiles', () => {
  const US_CORE = { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-vital-signs|6.1.0'] };
  const claims = (changes: Readonly<Record<string, unknown>>) => {
    const { meta } = convert(observation({ meta: US_CORE, ...changes })) as { meta?: { profile?: string[] } };
    return (meta?.profile ?? []).map((url) =>
      url.replace('http://fhir.org/guides/argonaut/StructureDefinition/argo-', ''),
    );
  };
  const rate = { value: 70, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' };
  const vital = { category: [concept(CATEGORY, 'vital-signs')], effectiveDateTime: '2020-01-01', valueQuantity: rate };
  const lab = { ...vital, category: [concept(CATEGORY, 'laboratory')] };
  const smoking = {
    code: concept(LOINC, '72166-2'),
    issued: '2020-01-01T10:00:00Z',
    valueCodeableConcept: { text: 'never' },
  };

  it('are vital signs, laboratory results and smoking statuses with all required elements', () => {
    expect(claims(vital)).toEqual(['vitalsigns']);
    expect(claims(lab)).toEqual(['observationresults']);
    expect(claims(smoking)).toEqual(['smokingstatus']);
    expect(claims({ ...vital, meta: { profile: ['http://hl7.org/fhir/StructureDefinition/heartrate'] } })).toEqual([
      'vitalsigns',
    ]);
  });

  it.each([
    ['no time', { ...vital, effectiveDateTime: undefined }],
    ['only a month', { ...vital, effectiveDateTime: '2020-01' }],
    ['no unit', { ...vital, valueQuantity: { ...rate, unit: undefined } }],
    ['no UCUM', { ...vital, valueQuantity: { ...rate, system: 'https://example.org' } }],
    ['no value', { ...vital, valueQuantity: undefined }],
    ['a code that isn’t a vital sign', { ...vital, code: concept(LOINC, '1-1') }],
    ['no patient', { ...vital, subject: { reference: 'Device/d' } }],
    [
      'a component that isn’t a measurement',
      { ...vital, component: [{ code: { text: 'x' }, valueCodeableConcept: { text: 'Sitting' } }] },
    ],
    ['an empty component', { ...vital, component: [{ code: { text: 'x' } }] }],
    ['a relation of another kind', { ...vital, derivedFrom: [{ reference: 'Observation/a' }] }],
    ['no category', { ...vital, category: undefined }],
    ['no US Core profile', { ...vital, meta: { profile: ['https://example.org/profile'] } }],
    ['a laboratory result in other units', { ...lab, valueQuantity: { ...rate, system: 'https://example.org' } }],
    ['a smoking status as a text', { ...smoking, valueCodeableConcept: undefined, valueString: 'never' }],
    ['a smoking status without a time', { ...smoking, issued: undefined }],
  ])('don’t declare a profile with %s', (_, changes) => {
    expect(claims(changes)).toEqual([]);
  });
});
