import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { convert, hidingRule, type Node } from '../fixtures/convert.ts';
import { variant, years } from '../fixtures/full-parts.ts';
import { FULL } from '../fixtures/full-resources.ts';
import { concept } from '../fixtures/small-resources.ts';

const family = (changes: object, without: readonly string[] = []): Resource =>
  variant(FULL['FamilyMemberHistory']?.[0] as Resource, without, { ...changes });

describe('FamilyMemberHistory', () => {
  it('has the conditions of the named relative, and never of the patient', () => {
    const made = convert(family({}));
    expect(made).toMatchObject({
      resourceType: 'FamilyMemberHistory',
      patient: { reference: 'Patient/p' },
      name: 'Maud Example',
      relationship: { coding: [{ code: 'MTH' }] },
      gender: 'female',
      condition: [{ code: { coding: [{ code: 'asthma' }] }, onsetQuantity: { value: 12 } }],
    });
    expect((made['note'] as Node)['text']).toBe('first\n\nsecond');
  });

  it.each(['partial', 'completed', 'entered-in-error', 'health-unknown'])('that is %s says so', (status) => {
    expect(convert(family({ status }))['status']).toBe(status);
  });

  it.each([
    ['unknown', 'status-unknown'],
    ['other', 'status-not-understood'],
  ])('with the status %s is hidden', (status, rule) => {
    expect(hidingRule(family({ status }))).toBe(rule);
  });

  it.each([
    [{ ageAge: years(70) }, 'about 70 years (estimated)'],
    [{ ageRange: { low: years(60), high: years(70) } }, 'about 60 years to 70 years (estimated)'],
    [{ ageString: 'seventy' }, 'about seventy (estimated)'],
  ])('marks an estimated age, for which DSTU2 has no flag: %j', (age, words) => {
    const made = convert(family({ estimatedAge: true, ...age }, ['ageAge']));
    expect(made['ageString']).toBe(words);
    expect(made).not.toHaveProperty('ageQuantity');
    expect(made).not.toHaveProperty('ageRange');
  });

  it('is hidden if it is unclear whether the age is estimated', () => {
    expect(hidingRule(family({ estimatedAge: 'true' }))).toBe('age-not-understood');
    expect(hidingRule(family({ _estimatedAge: { id: 'x' } }, ['estimatedAge']))).toBe('age-not-understood');
  });

  it('has a gender if R4 has one of the codes of DSTU2', () => {
    const snomed = concept('http://snomed.info/sct', '248152002');
    expect(convert(family({ sex: snomed }))).not.toHaveProperty('gender');
  });
});
