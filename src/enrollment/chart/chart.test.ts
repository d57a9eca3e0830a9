import { describe, expect, it } from 'vitest';
import { masked, maskedYear } from '../invitation/masked.ts';
import { dateOf, readDate } from '../patient/read-date.ts';
import { ageOn, dateIn } from './age.ts';
import { emailsAt, homeOf, phonesAt } from './contacts.ts';
import { nameIn, plain, relationshipIn } from './names.ts';

const TODAY = '2026-11-26';

describe('a name, FHIR R4 HumanName', () => {
  it('is the official one, otherwise the usual one, otherwise one that is not old', () => {
    const old = { use: 'old', family: 'Maiden' };
    const usual = { use: 'usual', given: ['Jo'], family: 'Stone' };
    const official = { use: 'official', prefix: ['Dr.'], given: ['Joan', 'Ada'], family: 'Stone' };
    expect(nameIn({ name: [old, usual, official] })).toBe('Dr. Joan Ada Stone');
    expect(nameIn({ name: [old, usual] })).toBe('Jo Stone');
    expect(nameIn({ name: [old, { family: 'Now' }] })).toBe('Now');
    expect(nameIn({ name: [{ text: ' As  written ' }] })).toBe('As written');
    expect(nameIn({ name: [{ given: [null, 4, 'Ann'] }] })).toBe('Ann');
    expect(nameIn({})).toBe('');
  });

  it('is one line, without control characters or text direction marks', () => {
    expect(plain('Jane\r\nBcc: x\u2028y\u202ez\u0000')).toBe('Jane Bcc: x y z');
  });

  it('is masked so that only people who know the name recognize it', () => {
    expect(masked('Jane van-Smith')).toBe('J… v… S…');
    expect(masked('Łukasz')).toBe('Ł…');
    expect(masked('𝒥ane')).toBe('𝒥…');
    expect(maskedYear('1974-07-04')).toBe('19**');
  });
});

describe('contact details, FHIR R4 ContactPoint', () => {
  const person = {
    telecom: [
      { system: 'email', value: 'A@Example.ORG ' },
      { system: 'email', value: 'a@example.org' },
      { system: 'email', value: 'gone@example.org', use: 'old' },
      { system: 'email', value: 'ended@example.org', period: { end: '2020-01-01' } },
      { system: 'email', value: 'no address' },
      { system: 'email', value: 'x@example.org\r\nBcc: y@example.org' },
      { system: 'phone', value: '+1 (480) 555-0100' },
      { system: 'phone', value: '480.555.0101 ext. 12' },
      { system: 'phone', value: '(480) 555-0101 x 7' },
      { system: 'phone', value: '911' },
      { system: 'email' },
      'nothing',
    ],
  };

  it('are normalized and unique, without ended and invalid ones', () => {
    expect(emailsAt(person, 'telecom', TODAY)).toEqual(['a@example.org']);
    expect(phonesAt(person, 'telecom', TODAY)).toEqual(['+14805550100', '4805550101']);
    expect(emailsAt(undefined, 'telecom', TODAY)).toEqual([]);
  });
});

describe('a home address, FHIR R4 Address', () => {
  it('prefers use "home" and ignores old and billing addresses', () => {
    const address = (use: string | undefined, postalCode: string | undefined) => ({ use, postalCode, city: 'Tempe' });
    const zip = (...all: object[]) => homeOf({ address: all }, TODAY).postalCode;
    expect(zip(address('work', '11111'), address('home', '22222'))).toBe('22222');
    expect(zip(address('old', '11111'), address('billing', '22222'))).toBeUndefined();
    expect(zip(address('home', undefined), address('temp', '33333-4444'))).toBe('33333');
    expect(zip(address(undefined, 'K1A 0B1'))).toBeUndefined();
    expect(zip({ ...address('home', '11111'), period: { end: '2020' } }, address(undefined, '44444'))).toBe('44444');
  });

  it('is formatted for an envelope, or copied from Address.text', () => {
    const lines = (address: object) => homeOf({ address: [address] }, TODAY).lines;
    expect(lines({ line: ['1 A St', ' '], city: 'Tempe', state: 'AZ', postalCode: '85281' })).toEqual([
      '1 A St',
      'Tempe, AZ 85281',
    ]);
    expect(lines({ text: '1 A St, Tempe' })).toEqual(['1 A St, Tempe']);
    expect(lines({})).toEqual([]);
  });
});

it('a relationship is displayed in the record’s words', () => {
  const coded = { relationship: [{ coding: [{ code: 'MTH' }, { code: 'GUARD', display: 'guardian' }] }] };
  expect(relationshipIn(coded)).toBe('guardian');
  expect(relationshipIn({ relationship: [{ text: 'Mother', coding: [{ code: 'MTH' }] }] })).toBe('Mother');
  expect(relationshipIn({})).toBe('');
});

describe('an age', () => {
  it('is in whole years, by the practice’s calendar', () => {
    const midnight = new Date('2026-11-26T02:00:00Z');
    expect(dateIn('America/Phoenix', midnight)).toBe('2026-11-25');
    expect(dateIn('UTC', midnight)).toBe('2026-11-26');
    expect(ageOn('2026-11-25', '2014-11-26')).toBe(11);
    expect(ageOn('2026-11-26', '2014-11-26')).toBe(12);
    expect(ageOn('2026-02-28', '2008-02-29')).toBe(17);
    expect(ageOn('2026-03-01', '2008-02-29')).toBe(18);
  });
});

describe('a date', () => {
  it('is parsed in US and ISO formats', () => {
    for (const typed of ['7/4/1974', '07-04-1974', '1974-07-04', '1974/7/4', ' 7 4 1974 ', '7.4.1974'])
      expect(readDate(typed)).toBe('1974-07-04');
    for (const typed of ['', '1974', '7/4/74', '13/4/1974', '2/30/1974', 'July 4, 1974', '1974-07-04T00:00'])
      expect(readDate(typed)).toBeUndefined();
    expect(dateOf('2024', '2', '29')).toBe('2024-02-29');
    expect(dateOf('2023', '2', '29')).toBeUndefined();
    expect(dateOf()).toBeUndefined();
  });
});
