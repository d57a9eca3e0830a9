import { describe, expect, it } from 'vitest';
import { convert, hidingRule } from '../fixtures/convert.ts';
import { allergy, concept, TERMINOLOGY } from '../fixtures/small-resources.ts';

const CLINICAL = `${TERMINOLOGY}/allergyintolerance-clinical`;
const VERIFICATION = `${TERMINOLOGY}/allergyintolerance-verification`;
const given = (system: string, code: string) => (code === '-' ? undefined : concept(system, code));

describe('AllergyIntolerance in DSTU2', () => {
  // The columns are the DSTU2 statuses for each verification status in R4: none, unconfirmed, confirmed, refuted,
  // entered-in-error.
  it.each([
    ['active', 'active', 'unconfirmed', 'confirmed', 'refuted', 'entered-in-error'],
    ['-', 'active', 'unconfirmed', 'confirmed', 'refuted', 'entered-in-error'],
    ['inactive', 'inactive', 'inactive', 'inactive', 'refuted', 'entered-in-error'],
    ['resolved', 'resolved', 'resolved', 'resolved', 'refuted', 'entered-in-error'],
  ])('derives one status from the clinical status %s and each verification status', (clinical, ...expected) => {
    const made = ['-', 'unconfirmed', 'confirmed', 'refuted', 'entered-in-error'].map((verification) => {
      const clinicalStatus = given(CLINICAL, clinical);
      return convert(allergy({ clinicalStatus, verificationStatus: given(VERIFICATION, verification) }))['status'];
    });
    expect(made).toEqual(expected);
  });

  it('is hidden if its status is unknown', () => {
    expect(hidingRule(allergy({ clinicalStatus: concept(CLINICAL, 'new-code') }))).toBe('status-not-understood');
    expect(hidingRule(allergy({ verificationStatus: { text: 'presumed' } }))).toBe('status-not-understood');
    expect(hidingRule(allergy({ verificationStatus: 'refuted' }))).toBe('status-not-understood');
    expect(hidingRule(allergy({ verificationStatus: [concept(VERIFICATION, 'refuted')] }))).toBe(
      'status-not-understood',
    );
  });

  it.each([
    ['low', 'CRITL'],
    ['high', 'CRITH'],
    ['unable-to-assess', 'CRITU'],
  ])('maps the criticality %s to %s', (criticality, expected) => {
    expect(convert(allergy({ criticality }))['criticality']).toBe(expected);
  });

  it.each([
    [['food'], 'food'],
    [['medication'], 'medication'],
    [['environment'], 'environment'],
    [['biologic'], 'medication'],
    [['food', 'medication'], 'food'],
    [['other'], undefined],
  ])('maps the categories %s to %s', (category, expected) => {
    expect(convert(allergy({ category }))['category']).toBe(expected);
  });

  it.each(['allergy', 'intolerance'])('keeps the type %s', (type) => {
    expect(convert(allergy({ type }))['type']).toBe(type);
  });

  it.each(['mild', 'moderate', 'severe'])('keeps the severity %s', (severity) => {
    const manifestation = [{ text: 'hives' }];
    expect(convert(allergy({ reaction: [{ manifestation, severity }] }))['reaction']).toEqual([
      { manifestation, severity },
    ]);
  });

  it('always has a substance: from the first reaction, or unknown', () => {
    const reaction = [{ substance: { text: 'Latex' }, manifestation: [{ text: 'hives' }] }];
    expect(convert(allergy({ code: undefined, reaction }))['substance']).toEqual({ text: 'Latex' });
    expect(convert(allergy({ code: undefined }))['substance']).toEqual({ text: 'Unknown' });
    const none = concept('http://snomed.info/sct', '716186003');
    expect(convert(allergy({ code: none }))['substance']).toEqual(none);
  });

  it('has an onset if the start is known, and otherwise none', () => {
    expect(convert(allergy({ onsetPeriod: { start: '2001', end: '2002' } }))['onset']).toBe('2001');
    expect(convert(allergy({ onsetPeriod: { end: '2002' } }))).not.toHaveProperty('onset');
    expect(convert(allergy({ onsetString: 'as a child' }))).not.toHaveProperty('onset');
  });

  it('merges all notes into one, with the latest time, and without an author if there are several', () => {
    const note = [
      { authorString: 'late', time: '2021-05-01', text: 'b' },
      { authorReference: { reference: 'Practitioner/d' }, time: '2020', text: 'a' },
      { text: 'c' },
    ];
    const expected = { time: '2021-05-01', text: 'b\n\na\n\nc' };
    const reaction = [{ manifestation: [{ text: 'hives' }], note }];
    const made = convert(allergy({ note, reaction }));
    expect(made['note']).toEqual(expected);
    expect(made['reaction']).toEqual([{ manifestation: [{ text: 'hives' }], note: expected }]);
    expect(convert(allergy({ note: [note[1]] }))['note']).toEqual(note[1]);
    const own = [note[0], { authorString: 'late', text: 'c' }];
    expect(convert(allergy({ note: own }))['note']).toEqual({
      authorString: 'late',
      time: '2021-05-01',
      text: 'b\n\nc',
    });
  });

  it('names an Organization that wrote a note', () => {
    const note = [{ authorReference: { reference: 'Organization/o', display: 'Town Clinic' }, text: 'a' }];
    expect(convert(allergy({ note }))['note']).toEqual({ authorString: 'Town Clinic', text: 'a' });
  });
});
