import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { convert, hidingRule, type Node } from '../fixtures/convert.ts';
import { variant } from '../fixtures/full-parts.ts';
import { FULL } from '../fixtures/full-resources.ts';
import { concept, request, TERMINOLOGY } from '../fixtures/small-resources.ts';

const make =
  (type: string) =>
  (changes: object, without: readonly string[] = []): Resource =>
    variant(FULL[type]?.[0] as Resource, without, { ...changes });

describe('Immunization', () => {
  const immunization = make('Immunization');

  it.each([
    ['completed', false],
    ['entered-in-error', false],
    ['not-done', true],
  ])('that is %s has wasNotGiven %s', (status, wasNotGiven) => {
    expect(convert(immunization({ status }))['wasNotGiven']).toBe(wasNotGiven);
  });

  it('has reasons for not giving it only if it was not given', () => {
    expect(convert(immunization({ status: 'completed' }))['explanation']).not.toHaveProperty('reasonNotGiven');
  });

  it('is hidden if it is unclear whether it was subpotent', () => {
    expect(hidingRule(immunization({ isSubpotent: 'true' }))).toBe('potency-not-understood');
    expect(hidingRule(immunization({ _isSubpotent: { id: 'x' } }, ['isSubpotent']))).toBe('potency-not-understood');
  });

  it('that was subpotent doesn’t count', () => {
    const [protocol] = convert(immunization({ isSubpotent: true }))['vaccinationProtocol'] as readonly Node[];
    expect(protocol).toMatchObject({
      doseStatus: { coding: [{ code: 'nocount' }] },
      doseStatusReason: { text: 'cold chain' },
    });
  });

  it('with a textual time has it in a note', () => {
    const given = { status: 'completed', note: undefined };
    const made = convert(immunization({ ...given, occurrenceString: 'as a child' }, ['occurrenceDateTime']));
    expect(made['_date']).toMatchObject({ extension: [{ valueCode: 'astext' }] });
    expect(made['note']).toEqual([{ text: 'Time: as a child' }]);
  });

  it.each(['first', '0', '1.5', ''])('has no protocol for the dose %j', (doseNumberString) => {
    const protocolApplied = [{ doseNumberString, targetDisease: [{ text: 'flu' }] }];
    expect(convert(immunization({ protocolApplied }))).not.toHaveProperty('vaccinationProtocol');
  });
});

describe('MedicationStatement', () => {
  const statement = make('MedicationStatement');

  it.each([
    ['not-taken', true],
    ['active', undefined],
    ['completed', undefined],
  ])('that is %s has wasNotTaken %s', (status, wasNotTaken) => {
    expect(convert(statement({ status }))['wasNotTaken']).toBe(wasNotTaken);
  });

  it.each([
    ['stopped', 'This medication was stopped.'],
    ['on-hold', 'This medication is on hold.'],
  ])('that is %s says so in addition to its status', (status, words) => {
    expect(convert(statement({ status }))['note']).toContain(words);
  });

  it('has all instructions in the text of the dosage', () => {
    const [dosage] = convert(statement({}))['dosage'] as readonly Node[];
    expect(dosage?.['text']).toBe(
      '1 tablet\nTake it in the morning.\nwith food\nat most 100 mg at a time\nat most 1000 mg in a lifetime',
    );
    expect(dosage).toHaveProperty('quantityQuantity');
  });
});

describe('MedicationRequest as a MedicationStatement', () => {
  const as = (changes: object) => convert(request({ id: 'm', ...changes }), 'MedicationStatement');

  it('has its own id and names the order', () => {
    expect(as({ authoredOn: '2020-01-01' })).toMatchObject({
      resourceType: 'MedicationStatement',
      id: 'medicationrequest-m',
      dateAsserted: '2020-01-01',
      supportingInformation: [{ reference: 'MedicationOrder/m' }],
    });
  });

  it.each([
    ['a plan that was reported', { intent: 'plan', reportedBoolean: true }],
    ['reported', { reportedBoolean: true }],
  ])('that is %s is a statement without an order', (_, changes) => {
    expect(as(changes)).not.toHaveProperty('supportingInformation');
    expect(hidingRule(request(changes))).toBeDefined();
  });

  it.each([
    ['active', 'active'],
    ['on-hold', 'active'],
    ['completed', 'completed'],
    ['stopped', 'completed'],
    ['entered-in-error', 'entered-in-error'],
  ])('that is %s is %s', (status, expected) => {
    expect(as({ status })['status']).toBe(expected);
  });

  it.each([
    [{ status: 'draft' }, 'status-draft'],
    [{ status: 'cancelled' }, 'status-cancelled'],
    [{ status: 'unknown' }, 'status-unknown'],
    [{ status: 'x' }, 'status-not-understood'],
    [{ intent: 'proposal' }, 'intent-proposal'],
    [{ intent: 'option' }, 'intent-option'],
    [{ intent: 'plan' }, 'intent-plan'],
    [{ intent: 'plan', reportedBoolean: false }, 'intent-plan'],
    [{ intent: 'x' }, 'intent-not-understood'],
    [{ doNotPerform: true }, 'do-not-perform'],
    [{ doNotPerform: 'false' }, 'do-not-perform'],
    [{ subject: { reference: 'Group/g' } }, 'subject-is-group'],
  ])('with %j is hidden: %s', (changes, rule) => {
    expect(hidingRule(request(changes), 'MedicationStatement')).toBe(rule);
  });
});

describe('Procedure', () => {
  const procedure = make('Procedure');

  it.each([
    ['not-done', true],
    ['completed', undefined],
    ['stopped', undefined],
  ])('that is %s has notPerformed %s', (status, notPerformed) => {
    expect(convert(procedure({ status }))['notPerformed']).toBe(notPerformed);
  });

  it.each([
    ['preparation', 'This procedure is being prepared.'],
    ['on-hold', 'This procedure is on hold.'],
  ])('that is %s says so in addition to its status', (status, text) => {
    expect(convert(procedure({ status }))['notes']).toContainEqual({ text });
  });

  it.each([
    [{ performedString: 'in spring' }, 'in spring'],
    [{ performedAge: { value: 30, code: 'a' } }, 'at the age of 30 years'],
  ])('with the time %j has it in a note', (changes, words) => {
    const made = convert(procedure(changes, ['performedDateTime']));
    expect(made['_performedDateTime']).toMatchObject({ extension: [{ valueCode: 'astext' }] });
    expect(made['notes']).toContainEqual({ text: `Performed: ${words}` });
  });

  it.each([
    ['257867005', 'implanted'],
    ['71861002', 'implanted'],
    ['129303008', 'explanted'],
    ['129304002', 'explanted'],
    ['129432000', 'manipulated'],
  ])('maps the action %s to %s', (code, expected) => {
    const focalDevice = [{ action: concept('http://snomed.info/sct', code), manipulated: { reference: 'Device/d' } }];
    const made = convert(procedure({ focalDevice }))['focalDevice'];
    expect(made).toMatchObject([
      { action: { coding: [{ system: 'http://hl7.org/fhir/device-action', code: expected }] } },
    ]);
  });
});

describe('ServiceRequest', () => {
  const service = make('ServiceRequest');
  const SNOMED = 'http://snomed.info/sct';

  it.each([
    [concept(SNOMED, '108252007'), 'DiagnosticOrder'],
    [concept(SNOMED, '363679005'), 'DiagnosticOrder'],
    [concept(`${TERMINOLOGY}/v2-0074`, 'RAD'), 'DiagnosticOrder'],
    [concept(SNOMED, '3457005'), 'ReferralRequest'],
    [concept(SNOMED, '306206005'), 'ReferralRequest'],
    [concept(SNOMED, '387713003'), 'ProcedureRequest'],
    [{ text: 'whatever' }, 'ProcedureRequest'],
  ])('with the category %j is a %s and nothing else', (category, form) => {
    const resource = service({ category: [category] });
    expect(convert(resource)['resourceType']).toBe(form);
    for (const other of ['DiagnosticOrder', 'ReferralRequest', 'ProcedureRequest']) {
      expect(hidingRule(resource, other)).toBe(other === form ? undefined : 'has-another-form');
    }
  });

  const forms = { DiagnosticOrder: '108252007', ReferralRequest: '3457005', ProcedureRequest: '387713003' };
  it.each([
    ['DiagnosticOrder', 'draft', 'draft'],
    ['DiagnosticOrder', 'active', 'requested'],
    ['DiagnosticOrder', 'on-hold', 'suspended'],
    ['DiagnosticOrder', 'revoked', 'cancelled'],
    ['DiagnosticOrder', 'completed', 'completed'],
    ['ProcedureRequest', 'draft', 'draft'],
    ['ProcedureRequest', 'active', 'requested'],
    ['ProcedureRequest', 'on-hold', 'suspended'],
    ['ProcedureRequest', 'revoked', 'aborted'],
    ['ProcedureRequest', 'completed', 'completed'],
    ['ReferralRequest', 'draft', 'draft'],
    ['ReferralRequest', 'active', 'active'],
    ['ReferralRequest', 'revoked', 'cancelled'],
    ['ReferralRequest', 'completed', 'completed'],
  ] as const)('%s: %s is mapped to %s', (form, status, expected) => {
    expect(convert(service({ status, category: [concept(SNOMED, forms[form])] }))['status']).toBe(expected);
  });

  it.each([
    [{ status: 'entered-in-error' }, 'entered-in-error'],
    [{ status: 'unknown' }, 'status-unknown'],
    [{ status: 'on-hold', category: [concept(SNOMED, forms.ReferralRequest)] }, 'status-on-hold'],
    [{ intent: 'proposal' }, 'intent-proposal'],
    [{ intent: 'plan' }, 'intent-plan'],
    [{ intent: 'directive' }, 'intent-directive'],
    [{ intent: 'option' }, 'intent-option'],
    [{ intent: 'x' }, 'intent-not-understood'],
    [{ doNotPerform: true }, 'do-not-perform'],
    [{ subject: { reference: 'Device/d' } }, 'subject-is-device'],
  ])('with %j is hidden: %s', (changes, rule) => {
    expect(hidingRule(service(changes))).toBe(rule);
  });

  it.each(['routine', 'urgent', 'asap', 'stat'])('keeps the priority %s', (priority) => {
    for (const code of Object.values(forms)) {
      const made = convert(service({ priority, category: [concept(SNOMED, code)] }))['priority'];
      expect(JSON.stringify(made)).toContain(`"${priority}"`);
    }
  });

  it('has as text what its variant has no element for', () => {
    const category = [concept(SNOMED, forms.DiagnosticOrder)];
    expect(convert(service({ category, note: undefined }))['note']).toEqual([
      {
        text: 'Amount: 2 mg\nDetails: with care\nTo be done: 2020-02-01\nAs needed\nFor the patient: Eat nothing before.',
      },
    ]);
  });
});
