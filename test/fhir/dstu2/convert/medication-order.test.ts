import { describe, expect, it } from 'vitest';
import { convert, hidingRule, type Node } from '../fixtures/convert.ts';
import { concept, request, TERMINOLOGY } from '../fixtures/small-resources.ts';

const doses = (...dosageInstruction: readonly unknown[]) =>
  convert(request({ dosageInstruction }))['dosageInstruction'] as Node[] | undefined;
const repeats = (repeat: Readonly<Record<string, unknown>>) => {
  const [dose] = doses({ text: 'x', timing: { repeat } }) ?? [];
  return (dose?.['timing'] as { repeat: Node } | undefined)?.repeat;
};
const UCUM = 'http://unitsofmeasure.org';

describe('MedicationRequest as DSTU2 MedicationOrder', () => {
  it.each([
    ['active', 'active'],
    ['on-hold', 'on-hold'],
    ['cancelled', 'stopped'],
    ['completed', 'completed'],
    ['entered-in-error', 'entered-in-error'],
    ['stopped', 'stopped'],
    ['draft', 'draft'],
    ['unknown', undefined],
  ])('maps the status %s to %s', (status, expected) => {
    expect(convert(request({ status }))['status']).toBe(expected);
  });

  it.each(['order', 'original-order', 'reflex-order', 'filler-order', 'instance-order'])(
    'includes the intent %s',
    (intent) => {
      expect(convert(request({ intent }))).toMatchObject({
        resourceType: 'MedicationOrder',
        id: 'm',
        patient: { reference: 'Patient/p' },
      });
    },
  );

  it.each([
    ['a prohibition', { doNotPerform: true }, 'do-not-perform'],
    ['a textual prohibition', { doNotPerform: 'true' }, 'do-not-perform'],
    ['a prohibition that is neither true nor false', { doNotPerform: null }, 'do-not-perform'],
    ['a prohibition that is withheld', { _doNotPerform: { extension: [] } }, 'do-not-perform'],
    ['a proposal', { intent: 'proposal' }, 'intent-proposal'],
    ['a plan', { intent: 'plan' }, 'intent-plan'],
    ['an option', { intent: 'option' }, 'intent-option'],
    ['an intent that is newer', { intent: 'new-code' }, 'intent-not-understood'],
    ['no intent', { intent: undefined }, 'intent-not-understood'],
    ['a report', { reportedBoolean: true }, 'reported'],
    ['a textual report flag', { reportedBoolean: 'true' }, 'reported'],
    ['a report by someone', { reportedReference: { reference: 'Patient/p' } }, 'reported'],
    ['an order for a Group', { subject: { reference: 'Group/g' } }, 'subject-is-group'],
    ['a status that is newer', { status: 'new-code' }, 'status-not-understood'],
  ])('hides %s', (_, changes, rule) => {
    expect(hidingRule(request(changes))).toBe(rule);
  });

  it('includes an order that explicitly isn’t a prohibition or a report', () => {
    expect(hidingRule(request({ doNotPerform: false, reportedBoolean: false }))).toBeUndefined();
  });

  it.each([
    ['stopped', true],
    ['cancelled', true],
    ['on-hold', false],
    ['active', false],
  ])('with the status %s has a reason why it ended: %s', (status, has) => {
    const made = convert(request({ status, statusReason: { text: 'rash' } }));
    expect(made['reasonEnded']).toEqual(has ? { text: 'rash' } : undefined);
  });

  it('has a Practitioner as prescriber, and others only by name', () => {
    expect(convert(request({ requester: { reference: 'Practitioner/d' } }))['prescriber']).toEqual({
      reference: 'Practitioner/d',
    });
    const clinic = { reference: 'Organization/o', display: 'Town Clinic' };
    expect(convert(request({ requester: clinic }))['prescriber']).toEqual({ display: 'Town Clinic' });
    expect(convert(request({ requester: { reference: 'Patient/p' } }))).not.toHaveProperty('prescriber');
  });

  it('has the date written only if the record does', () => {
    const meta = { lastUpdated: '2024-01-01T00:00:00Z' };
    expect(convert(request({ authoredOn: '2020-01-01', meta }))['dateWritten']).toBe('2020-01-01');
    expect(convert(request({ meta }))).not.toHaveProperty('dateWritten');
  });

  it('has one reason: a code, or else the first Condition', () => {
    const reasonReference = [
      { reference: 'Observation/a', display: 'pain' },
      { reference: 'Condition/c' },
      { reference: 'Condition/d' },
    ];
    expect(convert(request({ reasonReference }))['reasonReference']).toEqual({ reference: 'Condition/c' });
    const made = convert(request({ reasonReference, reasonCode: [{ text: 'a' }, { text: 'b' }] }));
    expect(made['reasonCodeableConcept']).toEqual({ text: 'a' });
    expect(made).not.toHaveProperty('reasonReference');
  });

  it('has its notes as one string, and the prior prescription', () => {
    const made = convert(
      request({ note: [{ text: 'a' }, { text: 'b' }], priorPrescription: { reference: 'MedicationRequest/x' } }),
    );
    expect(made).toMatchObject({ note: 'a\nb', priorPrescription: { reference: 'MedicationOrder/x' } });
  });

  it('always has a medication: a contained one becomes a code', () => {
    const contained = [{ resourceType: 'Medication', id: 'med', code: { text: 'Aspirin' } }];
    const of = (changes: object) => convert(request({ medicationCodeableConcept: undefined, ...changes }));
    const inside = of({ contained, medicationReference: { reference: '#med' } });
    expect(inside['medicationCodeableConcept']).toEqual({ text: 'Aspirin' });
    expect(inside).not.toHaveProperty('contained');
    expect(inside).not.toHaveProperty('medicationReference');
    expect(of({ medicationReference: { reference: '#gone', display: 'Ibuprofen' } })['medicationReference']).toEqual({
      display: 'Ibuprofen',
    });
    expect(of({ medicationReference: { reference: 'Medication/x' } })['medicationReference']).toEqual({
      reference: 'Medication/x',
    });
    expect(of({})['medicationCodeableConcept']).toEqual({ text: 'Unknown' });
  });

  it.each([
    ['entered in error', { status: 'entered-in-error' }],
    ['in a newer status', { status: 'new-code' }],
    ['with a modifier extension', { modifierExtension: [{ url: 'https://example.org' }] }],
  ])('is hidden if it contains a medication %s', (_, changes) => {
    const contained = [{ resourceType: 'Medication', id: 'med', code: { text: 'Aspirin' }, ...changes }];
    const medicationReference = { reference: '#med' };
    const order = request({ medicationCodeableConcept: undefined, medicationReference, contained });
    expect(hidingRule(order)).toBe('medication-not-understood');
    expect(hidingRule(request({ contained }))).toBeUndefined();
  });

  it('declares the Argonaut profile only if a client can identify the medication', () => {
    const whole = {
      meta: { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-medicationrequest'] },
      authoredOn: '2020-01-01',
      requester: { reference: 'Practitioner/d' },
    };
    const contained = [{ resourceType: 'Medication', id: 'med', code: { text: 'Aspirin' } }];
    const claims = (medicationReference: object) => {
      const order = { ...whole, contained, medicationCodeableConcept: undefined, medicationReference };
      return 'meta' in convert(request(order));
    };
    expect(convert(request(whole))).toHaveProperty('meta');
    expect(claims({ reference: 'Medication/x', display: 'Aspirin' })).toBe(true);
    expect(claims({ reference: '#med' })).toBe(true);
    expect(claims({ reference: 'Medication/x' })).toBe(false);
    expect(claims({ reference: 'urn:uuid:0c3151bd' })).toBe(false);
  });

  it('may have refills from one date on, and omits an empty period', () => {
    expect(convert(request({ dispenseRequest: { numberOfRepeatsAllowed: 2 } }))['dispenseRequest']).toEqual({
      numberOfRepeatsAllowed: 2,
    });
    expect(convert(request({ dispenseRequest: { numberOfRepeatsAllowed: 0 } }))).not.toHaveProperty('dispenseRequest');
  });

  it.each([
    [true, 'E'],
    [false, 'N'],
  ])('expresses whether substitution is allowed, %s, as a code', (allowedBoolean, code) => {
    const { substitution } = convert(request({ substitution: { allowedBoolean } })) as {
      substitution: { type: { coding: Node[] } };
    };
    expect(substitution.type.coding).toMatchObject([
      { system: 'http://hl7.org/fhir/v3/substanceAdminSubstitution', code },
    ]);
    expect(convert(request({ substitution: { reason: { text: 'x' } } }))).not.toHaveProperty('substitution');
  });

  it.each([{ _allowedBoolean: { id: 'x' } }, { allowedBoolean: 'true' }, { allowedBoolean: null }])(
    'omits substitution if the record does: %o',
    (substitution) => {
      expect(convert(request({ substitution }))).not.toHaveProperty('substitution');
    },
  );
});

describe('Dosage as MedicationOrder.dosageInstruction', () => {
  it('keeps the text, with the patient instruction', () => {
    expect(doses({ text: 'one', patientInstruction: 'in the morning' })).toEqual([{ text: 'one\nin the morning' }]);
    expect(doses({ patientInstruction: 'in the morning' })).toEqual([{ text: 'in the morning' }]);
  });

  it('has the first additional instruction as a concept, the others as text, and the site', () => {
    const display = { coding: [{ code: '1', display: 'not with milk' }] };
    const additionalInstruction = [{ text: 'with food' }, { text: 'with water' }, display];
    expect(doses({ text: 'one', additionalInstruction, site: { text: 'arm' } })).toEqual([
      {
        additionalInstructions: { text: 'with food' },
        siteCodeableConcept: { text: 'arm' },
        text: 'one\nwith water\nnot with milk',
      },
    ]);
    expect(doses({ additionalInstruction: [{ text: 'with food' }] })).toEqual([
      { additionalInstructions: { text: 'with food' } },
    ]);
  });

  it('has the maximum per administration and per lifetime as text', () => {
    const [dose] =
      doses({
        text: 'one',
        maxDosePerAdministration: { value: 100, unit: 'mg', code: 'mg' },
        maxDosePerLifetime: { value: 1.5, system: UCUM, code: 'g' },
      }) ?? [];
    expect(dose).toEqual({ text: 'one\nat most 100 mg at a time\nat most 1.5 g in a lifetime' });
    expect(doses({ maxDosePerLifetime: { unit: 'mg' }, route: { text: 'oral' } })).toEqual([
      { route: { text: 'oral' } },
    ]);
  });

  it('has the steps of a sequence as text, because they would otherwise apply together (R4 Dosage.sequence)', () => {
    const texts = (...sequences: readonly unknown[]) =>
      doses(...sequences.map((sequence) => ({ sequence, text: 'x' })))?.map(({ text }) => text);
    expect(texts(2, 1, 2)).toEqual(['step 2 of 2\nx', 'step 1 of 2\nx', 'step 2 of 2\nx']);
    expect(texts(10, undefined, 30)).toEqual(['step 1 of 2\nx', 'x', 'step 2 of 2\nx']);
    expect(texts(1, 1)).toEqual(['x', 'x']);
    expect(texts(1)).toEqual(['x']);
  });

  const DOSE_TYPE = `${TERMINOLOGY}/dose-rate-type`;
  it.each([
    ['ordered before calculated', ['calculated', 'ordered'], 2],
    ['the first if none is ordered', ['calculated', 'other'], 1],
    ['the first of several ordered ones', ['ordered', 'ordered'], 1],
  ])('has one of several doses: %s', (_, types, expected) => {
    const doseAndRate = types.map((type, at) => ({ type: concept(DOSE_TYPE, type), doseQuantity: { value: at + 1 } }));
    expect(doses({ doseAndRate })).toEqual([{ doseQuantity: { value: expected } }]);
  });

  it('has the first dose and rate, without the extensions of their element', () => {
    const first = {
      id: 'x',
      extension: [{ url: 'https://example.org', valueString: 'x' }],
      doseRange: { low: { value: 1 } },
    };
    expect(doses({ doseAndRate: [first, { doseQuantity: { value: 2 } }] })).toEqual([
      { doseRange: { low: { value: 1 } } },
    ]);
  });

  it.each([
    [
      { value: 10, comparator: '<', unit: 'mL/h', system: UCUM, code: 'mL/h' },
      {
        numerator: { value: 10, comparator: '<', unit: 'mL', system: UCUM, code: 'mL' },
        denominator: { value: 1, unit: 'h', system: UCUM, code: 'h' },
      },
    ],
    [
      { value: 10, unit: 'mL/h' },
      { numerator: { value: 10, unit: 'mL' }, denominator: { value: 1, unit: 'h' } },
    ],
  ])('has a rate as a ratio: %o', (rateQuantity, rateRatio) => {
    expect(doses({ doseAndRate: [{ rateQuantity }] })).toEqual([{ rateRatio }]);
  });

  it.each([
    [{ value: 10, unit: 'mL/kg/h', system: UCUM, code: 'mL/kg/h' }, 'x\nat a rate of 10 mL/kg/h'],
    [{ value: 10, unit: 'mL/h', system: UCUM, code: 'mL' }, 'x\nat a rate of 10 mL/h'],
    [{ value: 10, comparator: '<', system: UCUM, code: 'mL/kg/h' }, 'x\nat a rate of <10 mL/kg/h'],
    [{ value: 10, unit: 'drops', code: '/min' }, 'x'],
    [{ value: 10 }, 'x'],
  ])('has a rate that isn’t a simple ratio as text, if at all: %o', (rateQuantity, text) => {
    expect(doses({ text: 'x', doseAndRate: [{ rateQuantity }] })).toEqual([{ text }]);
  });

  it.each(['s', 'min', 'h', 'd', 'wk', 'mo', 'a'])('has the unit %s with DSTU2’s names', (unit) => {
    expect(repeats({ duration: 1, durationUnit: unit, period: 2, periodUnit: unit })).toEqual({
      duration: 1,
      durationUnits: unit,
      period: 2,
      periodUnits: unit,
    });
  });

  it.each('HS WAKE C CM CD CV AC ACM ACD ACV PC PCM PCD PCV'.split(' '))('is as needed: %s', (when) => {
    expect(repeats({ when: [when] })).toEqual({ when });
  });

  it.each('MORN MORN.early MORN.late NOON AFT AFT.early AFT.late EVE EVE.early EVE.late NIGHT PHS'.split(' '))(
    'omits %s, which is newer',
    (when) => {
      expect(repeats({ when: [when] })).toBeUndefined();
    },
  );

  const daily = { frequency: 1, period: 1, periodUnit: 'd' };
  it.each([
    [{ ...daily, dayOfWeek: ['mon'] }, 'once a day on Monday'],
    [
      { ...daily, period: 2, periodUnit: 'wk', dayOfWeek: ['mon', 'wed', 'fri'] },
      'once every 2 weeks on Monday, Wednesday and Friday',
    ],
    [{ timeOfDay: ['08:00:00', '20:00:00'] }, 'every day at 08:00 and 20:00'],
    [{ dayOfWeek: ['sat', 'sun'], timeOfDay: ['08:15:30'] }, 'on Saturday and Sunday at 08:15:30'],
    [{ ...daily, frequency: 2, timeOfDay: ['08:00:00', '20:00:00'] }, 'twice a day at 08:00 and 20:00'],
    [{ when: ['MORN', 'EVE'] }, 'in the morning and in the evening'],
    [{ when: ['AC', 'HS'] }, 'before a meal and before sleep'],
    [{ when: ['NIGHT'] }, 'at night'],
    [{ ...daily, when: ['AC'] }, 'once a day before a meal'],
    [{ frequency: 3, frequencyMax: 4, period: 1, periodUnit: 'd', when: ['PC'] }, '3 to 4 times a day after a meal'],
    [{ when: ['ACM'], offset: 30 }, '30 minutes before breakfast'],
    [{ when: ['MORN'], offset: 1 }, 'in the morning (1 minute after)'],
    [{ period: 4, periodMax: 6, periodUnit: 'h', countMax: 3 }, 'every 4 to 6 hours (up to 3 times in all)'],
    [{ ...daily, periodUnit: 'h', count: 3, countMax: 4 }, 'once an hour (3 to 4 times in all)'],
    [
      { period: 1, periodUnit: 'mo', dayOfWeek: ['tue'], duration: 1, durationMax: 2, durationUnit: 'h' },
      'every month on Tuesday lasting 1 to 2 hours',
    ],
    [{ dayOfWeek: ['thu'], boundsDuration: { value: 10, system: UCUM, code: 'd' } }, 'on Thursday for 10 days'],
    [
      { dayOfWeek: ['fri'], boundsRange: { low: { value: 2, unit: 'weeks' }, high: { value: 3, unit: 'weeks' } } },
      'on Friday for 2 weeks to 3 weeks',
    ],
    [
      { dayOfWeek: ['fri'], boundsPeriod: { start: '2020-01-01', end: '2020-02-01' } },
      'on Friday from 2020-01-01 until 2020-02-01',
    ],
  ])('has the repetition %o as text, and not as a different dose (tim-3)', (repeat, words) => {
    expect(doses({ timing: { repeat } })).toEqual([{ text: words }]);
    expect(doses({ text: 'x', timing: { repeat } })).toEqual([{ text: `x\n${words}` }]);
    const code = { text: 'as told' };
    expect(doses({ timing: { event: ['2020'], repeat, code } })).toEqual([
      { text: words, timing: { event: ['2020'], code } },
    ]);
  });

  it('omits an instruction that equals the text, except for a period', () => {
    const additionalInstruction = [{ text: 'With food' }, { text: 'Finish the course' }];
    const [dose] = doses({ text: 'Finish the course.\n', additionalInstruction }) ?? [];
    expect(dose?.['text']).toBe('Finish the course.\n');
    const [other] = doses({ text: 'Do not finish the course', additionalInstruction }) ?? [];
    expect(other?.['text']).toBe('Do not finish the course\nFinish the course');
  });

  it('doesn’t repeat what the text says', () => {
    const timing = { repeat: { ...daily, dayOfWeek: ['mon'] } };
    expect(doses({ text: 'once a day on Monday', timing })).toEqual([{ text: 'once a day on Monday' }]);
  });

  it.each([
    { ...daily, dayOfWeek: ['new-day'] },
    { ...daily, dayOfWeek: ['mon', 7] },
    { ...daily, dayOfWeek: [] },
    { ...daily, _dayOfWeek: [{ id: 'x' }] },
    { ...daily, frequency: 'x', dayOfWeek: ['mon'] },
    { frequency: 1, period: 1, dayOfWeek: ['mon'] },
    { ...daily, period: '2', dayOfWeek: ['mon'] },
    { ...daily, when: ['new-code'] },
    { ...daily, offset: 30 },
    { ...daily, timeOfDay: ['noon'] },
    { ...daily, countMax: 'x' },
    { ...daily, dayOfWeek: ['mon'], extension: [{ url: 'https://example.org/days-of-cycle', valueInteger: 1 }] },
  ])('omits what it can express only in part: %o', (repeat) => {
    expect(doses({ text: 'x', timing: { repeat } })).toEqual([{ text: 'x' }]);
    expect(doses({ timing: { repeat } })).toBeUndefined();
  });

  it.each([
    ['BID', 'http://hl7.org/fhir/v3/GTSAbbreviation'],
    ['TID', 'http://hl7.org/fhir/v3/GTSAbbreviation'],
    ['QID', 'http://hl7.org/fhir/v3/GTSAbbreviation'],
    ['AM', 'http://hl7.org/fhir/v3/GTSAbbreviation'],
    ['PM', 'http://hl7.org/fhir/v3/GTSAbbreviation'],
    ['QD', 'http://hl7.org/fhir/timing-abbreviation'],
    ['QOD', 'http://hl7.org/fhir/timing-abbreviation'],
    ['Q4H', 'http://hl7.org/fhir/timing-abbreviation'],
    ['Q6H', 'http://hl7.org/fhir/timing-abbreviation'],
    ['BED', `${TERMINOLOGY}/v3-GTSAbbreviation`],
  ])('maps the code to %s in the system %s', (code, system) => {
    const [dose] = doses({ timing: { code: concept(`${TERMINOLOGY}/v3-GTSAbbreviation`, code) } }) ?? [];
    expect(dose?.['timing']).toEqual({ code: concept(system, code) });
  });
});
