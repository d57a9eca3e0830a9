import { describe, expect, it } from 'vitest';
import { maskName, maskYear } from '../invitation/mask-name.ts';
import { parseDate, toIsoDate } from '../patient/read-date.ts';
import { ageOnDate, localDate } from './age.ts';
import { readEmails, readHomeAddress, readPhones } from './contacts.ts';
import { readName, readRelationship, toPlainLine } from './names.ts';

const TODAY = '2026-11-26';

describe('a name, FHIR R4 HumanName', () => {
  it('is the official one, otherwise the usual one, otherwise one that is not old', () => {
    const old = { use: 'old', family: 'Maiden' };
    const usual = { use: 'usual', given: ['Jo'], family: 'Stone' };
    const official = { use: 'official', prefix: ['Dr.'], given: ['Joan', 'Ada'], family: 'Stone' };
    expect(readName({ name: [old, usual, official] })).toBe('Dr. Joan Ada Stone');
    expect(readName({ name: [old, usual] })).toBe('Jo Stone');
    expect(readName({ name: [old, { family: 'Now' }] })).toBe('Now');
    expect(readName({ name: [{ text: ' As  written ' }] })).toBe('As written');
    expect(readName({ name: [{ given: [null, 4, 'Ann'] }] })).toBe('Ann');
    expect(readName({})).toBe('');
  });

  it('is one line, without control characters or text direction marks', () => {
    expect(toPlainLine('Jane\r\nBcc: x\u2028y\u202ez\u0000')).toBe('Jane Bcc: x y z');
  });

  it('is masked so that only people who know the name recognize it', () => {
    expect(maskName('Jane van-Smith')).toBe('J… v… S…');
    expect(maskName('Łukasz')).toBe('Ł…');
    expect(maskName('𝒥ane')).toBe('𝒥…');
    expect(maskYear('1974-07-04')).toBe('19**');
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
    expect(readEmails(person, 'telecom', TODAY)).toEqual(['a@example.org']);
    expect(readPhones(person, 'telecom', TODAY)).toEqual(['+14805550100', '4805550101']);
    expect(readEmails(undefined, 'telecom', TODAY)).toEqual([]);
  });
});

describe('a home address, FHIR R4 Address', () => {
  it('prefers use "home" and ignores old and billing addresses', () => {
    const address = (use: string | undefined, postalCode: string | undefined) => ({ use, postalCode, city: 'Tempe' });
    const zip = (...all: object[]) => readHomeAddress({ address: all }, TODAY).postalCode;
    expect(zip(address('work', '11111'), address('home', '22222'))).toBe('22222');
    expect(zip(address('old', '11111'), address('billing', '22222'))).toBeUndefined();
    expect(zip(address('home', undefined), address('temp', '33333-4444'))).toBe('33333');
    expect(zip(address(undefined, 'K1A 0B1'))).toBeUndefined();
    expect(zip({ ...address('home', '11111'), period: { end: '2020' } }, address(undefined, '44444'))).toBe('44444');
  });

  it('is formatted for an envelope, or copied from Address.text', () => {
    const lines = (address: object) => readHomeAddress({ address: [address] }, TODAY).lines;
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
  expect(readRelationship(coded)).toBe('guardian');
  expect(readRelationship({ relationship: [{ text: 'Mother', coding: [{ code: 'MTH' }] }] })).toBe('Mother');
  expect(readRelationship({})).toBe('');
});

describe('an age', () => {
  it('is in whole years, by the practice’s calendar', () => {
    const midnight = new Date('2026-11-26T02:00:00Z');
    expect(localDate('America/Phoenix', midnight)).toBe('2026-11-25');
    expect(localDate('UTC', midnight)).toBe('2026-11-26');
    expect(ageOnDate('2026-11-25', '2014-11-26')).toBe(11);
    expect(ageOnDate('2026-11-26', '2014-11-26')).toBe(12);
    expect(ageOnDate('2026-02-28', '2008-02-29')).toBe(17);
    expect(ageOnDate('2026-03-01', '2008-02-29')).toBe(18);
  });
});

describe('a date', () => {
  it('is parsed in US and ISO formats', () => {
    for (const typed of ['7/4/1974', '07-04-1974', '1974-07-04', '1974/7/4', ' 7 4 1974 ', '7.4.1974'])
      expect(parseDate(typed)).toBe('1974-07-04');
    for (const typed of ['', '1974', '7/4/74', '13/4/1974', '2/30/1974', 'July 4, 1974', '1974-07-04T00:00'])
      expect(parseDate(typed)).toBeUndefined();
    expect(toIsoDate('2024', '2', '29')).toBe('2024-02-29');
    expect(toIsoDate('2023', '2', '29')).toBeUndefined();
    expect(toIsoDate()).toBeUndefined();
  });
});
