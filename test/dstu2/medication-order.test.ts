import { describe, expect, it } from 'vitest';
import { convert, hiddenBy, type Node } from './convert.ts';
import { concept, request, TERMINOLOGY } from './samples.ts';

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
  ])('has the status %s as %s', (status, expected) => {
    expect(convert(request({ status }))['status']).toBe(expected);
  });

  it.each(['order', 'original-order', 'reflex-order', 'filler-order', 'instance-order'])(
    'shows the intent %s',
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
    ['a proposal', { intent: 'proposal' }, 'intent-proposal'],
    ['a plan', { intent: 'plan' }, 'intent-plan'],
    ['an option', { intent: 'option' }, 'intent-option'],
    ['an intent that came later', { intent: 'new-code' }, 'intent-not-understood'],
    ['no intent', { intent: undefined }, 'intent-not-understood'],
    ['what was only reported', { reportedBoolean: true }, 'reported'],
    ['what someone reported', { reportedReference: { reference: 'Patient/p' } }, 'reported'],
    ['an order for a Group', { subject: { reference: 'Group/g' } }, 'subject-is-group'],
    ['a status that came later', { status: 'new-code' }, 'status-not-understood'],
  ])('hides %s', (_, changes, rule) => {
    expect(hiddenBy(request(changes))).toBe(rule);
  });

  it('shows what is explicitly no prohibition and not reported', () => {
    expect(hiddenBy(request({ doNotPerform: false, reportedBoolean: false }))).toBeUndefined();
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

  it('is prescribed by a Practitioner; others are there by name', () => {
    expect(convert(request({ requester: { reference: 'Practitioner/d' } }))['prescriber']).toEqual({
      reference: 'Practitioner/d',
    });
    const clinic = { reference: 'Organization/o', display: 'Town Clinic' };
    expect(convert(request({ requester: clinic }))['prescriber']).toEqual({ display: 'Town Clinic' });
    expect(convert(request({ requester: { reference: 'Patient/p' } }))).not.toHaveProperty('prescriber');
  });

  it('says when it was written only where the record does', () => {
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

  it('has its notes as one string and names the prescription before', () => {
    const made = convert(
      request({ note: [{ text: 'a' }, { text: 'b' }], priorPrescription: { reference: 'MedicationRequest/x' } }),
    );
    expect(made).toMatchObject({ note: 'a\nb', priorPrescription: { reference: 'MedicationOrder/x' } });
  });

  it('has a medication in any case: a contained one is told by its code', () => {
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

  it('may be dispensed again from one time on: none is not said', () => {
    expect(convert(request({ dispenseRequest: { numberOfRepeatsAllowed: 2 } }))['dispenseRequest']).toEqual({
      numberOfRepeatsAllowed: 2,
    });
    expect(convert(request({ dispenseRequest: { numberOfRepeatsAllowed: 0 } }))).not.toHaveProperty('dispenseRequest');
  });

  it.each([
    [true, 'E'],
    [false, 'N'],
  ])('says whether another may be given, %s, as a code', (allowedBoolean, code) => {
    const { substitution } = convert(request({ substitution: { allowedBoolean } })) as {
      substitution: { type: { coding: Node[] } };
    };
    expect(substitution.type.coding).toMatchObject([
      { system: 'http://hl7.org/fhir/v3/substanceAdminSubstitution', code },
    ]);
    expect(convert(request({ substitution: { reason: { text: 'x' } } }))).not.toHaveProperty('substitution');
  });
});

describe('Dosage as MedicationOrder.dosageInstruction', () => {
  it('keeps the text, with what the patient was told', () => {
    expect(doses({ text: 'one', patientInstruction: 'in the morning' })).toEqual([{ text: 'one\nin the morning' }]);
    expect(doses({ patientInstruction: 'in the morning' })).toEqual([{ text: 'in the morning' }]);
  });

  it('has the first additional instruction, and the site as a concept', () => {
    const additionalInstruction = [{ text: 'with food' }, { text: 'with water' }];
    expect(doses({ additionalInstruction, site: { text: 'arm' } })).toEqual([
      { additionalInstructions: { text: 'with food' }, siteCodeableConcept: { text: 'arm' } },
    ]);
  });

  it('has the first dose and rate, without what belongs to their element', () => {
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
    { value: 10, unit: 'mL/kg/h', system: UCUM, code: 'mL/kg/h' },
    { value: 10, unit: 'mL/h', system: UCUM, code: 'mL' },
    { value: 10, unit: 'drops', code: '/min' },
    { value: 10 },
  ])('has no rate that is not one thing for each other thing: %o', (rateQuantity) => {
    expect(doses({ text: 'x', doseAndRate: [{ rateQuantity }] })).toEqual([{ text: 'x' }]);
  });

  it.each(['s', 'min', 'h', 'd', 'wk', 'mo', 'a'])('has the unit %s under names of its own', (unit) => {
    expect(repeats({ duration: 1, durationUnit: unit, period: 2, periodUnit: unit })).toEqual({
      duration: 1,
      durationUnits: unit,
      period: 2,
      periodUnits: unit,
    });
  });

  it.each('HS WAKE C CM CD CV AC ACM ACD ACV PC PCM PCD PCV'.split(' '))('is taken %s', (when) => {
    expect(repeats({ when: [when] })).toEqual({ when });
  });

  it.each('MORN MORN.early MORN.late NOON AFT AFT.early AFT.late EVE EVE.early EVE.late NIGHT PHS'.split(' '))(
    'does not say %s, which came later',
    (when) => {
      expect(repeats({ when: [when] })).toBeUndefined();
    },
  );

  it('does not say one of several times of day, nor one beside a frequency (tim-3)', () => {
    expect(repeats({ when: ['AC', 'HS'] })).toBeUndefined();
    expect(repeats({ when: ['AC'], frequency: 1 })).toEqual({ frequency: 1 });
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
  ])('has the code %s in the system %s', (code, system) => {
    const [dose] = doses({ timing: { code: concept(`${TERMINOLOGY}/v3-GTSAbbreviation`, code) } }) ?? [];
    expect(dose?.['timing']).toEqual({ code: concept(system, code) });
  });
});
