import { describe, expect, it } from 'vitest';
import { convert, hidingRule } from '../fixtures/convert.ts';
import { concept, condition, TERMINOLOGY } from '../fixtures/small-resources.ts';

const CLINICAL = `${TERMINOLOGY}/condition-clinical`;
const VERIFICATION = `${TERMINOLOGY}/condition-ver-status`;
const CATEGORY = `${TERMINOLOGY}/condition-category`;
const US_CORE = 'http://hl7.org/fhir/us/core/CodeSystem/condition-category';

describe('Condition in DSTU2', () => {
  it.each([
    ['active', 'active'],
    ['recurrence', 'relapse'],
    ['relapse', 'relapse'],
    ['inactive', 'resolved'],
    ['remission', 'remission'],
    ['resolved', 'resolved'],
  ])('maps the clinical status %s to %s', (code, expected) => {
    expect(convert(condition({ clinicalStatus: concept(CLINICAL, code) }))['clinicalStatus']).toBe(expected);
  });

  it.each([
    ['unconfirmed', 'unknown'],
    ['provisional', 'provisional'],
    ['differential', 'differential'],
    ['confirmed', 'confirmed'],
    ['refuted', 'refuted'],
    ['entered-in-error', 'entered-in-error'],
  ])('maps the verification status %s to %s', (code, expected) => {
    expect(convert(condition({ verificationStatus: concept(VERIFICATION, code) }))['verificationStatus']).toBe(
      expected,
    );
  });

  it.each([
    ['clinicalStatus', concept(CLINICAL, 'new-code')],
    ['clinicalStatus', concept('https://example.org', 'active')],
    ['clinicalStatus', { text: 'active' }],
    ['verificationStatus', concept(VERIFICATION, 'new-code')],
    ['verificationStatus', concept(CLINICAL, 'confirmed')],
    ['verificationStatus', 'refuted'],
    ['verificationStatus', [concept(VERIFICATION, 'refuted')]],
    ['verificationStatus', { coding: { system: VERIFICATION, code: 'refuted' } }],
  ])('is hidden if its %s is unknown, because it would be displayed wrongly', (element, value) => {
    expect(hidingRule(condition({ [element]: value }))).toBe('status-not-understood');
  });

  it('is hidden when it is about a Group', () => {
    expect(hidingRule(condition({ subject: { reference: 'Group/g' } }))).toBe('subject-is-group');
    expect(hidingRule(condition({ subject: { reference: 'urn:uuid:x', type: 'Group' } }))).toBe('subject-is-group');
    expect(hidingRule(condition({ subject: {} }))).toBe('required-element-missing');
  });

  it('has the elements that DSTU2 and Argonaut require, even if the record lacks them', () => {
    const made = convert(condition({ code: undefined, verificationStatus: undefined }));
    expect(made).toMatchObject({
      verificationStatus: 'unknown',
      code: { text: 'Unknown' },
      category: concept('http://hl7.org/fhir/condition-category', 'diagnosis'),
      patient: { reference: 'Patient/p' },
    });
  });

  it.each([
    ['problem-list-item', CATEGORY, 'http://argonaut.hl7.org', 'problem'],
    ['health-concern', US_CORE, 'http://argonaut.hl7.org', 'health-concern'],
    ['encounter-diagnosis', CATEGORY, 'http://hl7.org/fhir/condition-category', 'diagnosis'],
    ['other', 'https://example.org', 'https://example.org', 'other'],
  ])('maps the category %s to Argonaut’s code', (code, system, expectedSystem, expectedCode) => {
    const expected = concept(expectedSystem, expectedCode);
    expect(convert(condition({ category: [concept(system, code)] }))['category']).toEqual(expected);
  });

  it('has the first of several categories that Argonaut defines', () => {
    const category = [
      concept('https://example.org', 'x'),
      concept(US_CORE, 'health-concern'),
      concept(CATEGORY, 'problem-list-item'),
    ];
    expect(convert(condition({ category }))['category']).toEqual(concept('http://argonaut.hl7.org', 'health-concern'));
  });

  it.each([
    ['2020-02-03T04:05:06+02:00', '2020-02-03'],
    ['2020-02', '2020-02'],
    ['2020', '2020'],
  ])('recorded at %s has the date %s', (recordedDate, expected) => {
    expect(convert(condition({ recordedDate }))['dateRecorded']).toBe(expected);
  });

  it('has one stage, the first with content, and an entry for each code of evidence', () => {
    const detail = [{ reference: 'Observation/a' }, { reference: 'ServiceRequest/s' }];
    const made = convert(
      condition({
        stage: [{ type: { text: 'clinical' } }, { summary: { text: 'II' } }, { summary: { text: 'III' } }],
        evidence: [{ id: '1', code: [{ text: 'a' }, { text: 'b' }], detail }, { detail }, { id: '3' }],
      }),
    );
    expect(made['stage']).toEqual({ summary: { text: 'II' } });
    expect(made['evidence']).toEqual([
      { id: '1', detail: [{ reference: 'Observation/a' }], code: { text: 'a' } },
      { code: { text: 'b' } },
      { detail: [{ reference: 'Observation/a' }] },
    ]);
  });

  it('repeats a modifier extension of evidence in each entry that is made from it', () => {
    const modifierExtension = [{ url: 'https://example.org/absent', valueBoolean: true }];
    const evidence = [{ code: [{ text: 'a' }, { text: 'b' }], modifierExtension }];
    expect(convert(condition({ evidence }))['evidence']).toEqual([
      { code: { text: 'a' }, modifierExtension },
      { code: { text: 'b' }, modifierExtension },
    ]);
  });

  it('has its notes as one string, and ages as quantities', () => {
    const age = { value: 3, unit: 'years', system: 'http://unitsofmeasure.org', code: 'a' };
    const made = convert(condition({ note: [{ text: 'one' }, { text: 'two' }], onsetAge: age, abatementAge: age }));
    expect(made).toMatchObject({ notes: 'one\ntwo', onsetQuantity: age, abatementQuantity: age });
  });

  it('has a Practitioner or a Patient as asserter, and others only by name', () => {
    const asserter = { reference: 'RelatedPerson/r', display: 'her mother' };
    expect(convert(condition({ asserter }))['asserter']).toEqual({ display: 'her mother' });
    expect(convert(condition({ recorder: { reference: 'Practitioner/d' } }))).not.toHaveProperty('asserter');
  });
});
