import { expect, it } from 'vitest';
import { getMessages } from '../../i18n/index.ts';
import { describeIdentifiers, findMemberNumber } from './identifiers.ts';

const { identifiers: messages } = getMessages('en').patientPortal.patientRecord.values;
const ofType = (code: string, value: string, system?: string) => ({
  type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code }] },
  value,
  ...(system && { system }),
});
const described = (...identifier: readonly unknown[]) =>
  describeIdentifiers({ resourceType: 'Patient', identifier }, messages).map(
    ({ label, text, isHidden }) => `${label}: ${text}${isHidden ? ' (hidden)' : ''}`,
  );

// Kinds: HL7 v2 table 0203, and the systems of https://terminology.hl7.org/identifiers.html.
it.each([
  [ofType('MR', '1032702'), 'Medical record number: 1032702'],
  [ofType('DL', 'S99961391'), 'Driver’s license number: S99961391 (hidden)'],
  [ofType('PPN', 'X85058581X'), 'Passport number: X85058581X (hidden)'],
  [{ system: 'http://hl7.org/fhir/sid/passport-USA', value: '1' }, 'Passport number: 1 (hidden)'],
  [{ system: 'urn:oid:2.16.840.1.113883.4.3.25', value: 'S1' }, 'Driver’s license number: S1 (hidden)'],
  [{ system: 'http://hl7.org/fhir/sid/us-mbi', value: '1EG4' }, 'Medicare number: 1EG4 (hidden)'],
  [{ type: { text: 'Dog tag' }, value: '7' }, 'Dog tag: 7'],
  [
    { type: { coding: [{ code: 'XX', display: 'Organization identifier' }] }, value: '7' },
    'Organization identifier: 7',
  ],
  [{ system: 'urn:mrn', value: 'A-1' }, 'ID number: A-1'],
  // A known kind counts more than the format of the value.
  [ofType('MR', '103-27-0201'), 'Medical record number: 103-27-0201'],
  [{ type: { text: 'Social services case' }, value: '7' }, 'Social services case: 7'],
])('%j is shown as %s', (identifier, text) => expect(described(identifier)).toEqual([text]));

it.each([
  [{ system: 'http://hl7.org/fhir/sid/us-ssn', value: '999-55-5174' }],
  [{ system: 'urn:oid:2.16.840.1.113883.4.1', value: '999555174' }],
  [ofType('SS', '999-55-5174')],
  // Synthea of 2017 types the number as a "social beneficiary identifier".
  [ofType('SB', '999555174', 'http://hl7.org/fhir/sid/us-ssn')],
  [{ value: '999-55-5174' }],
  // A type that only the sender knows doesn't exempt the value from the check.
  [{ type: { text: 'Government ID' }, value: '999-55-5174' }],
  [{ type: { coding: [{ system: 'urn:local', code: 'GOV' }] }, value: '999-55-5174' }],
  // The name of the type identifies the number in any format.
  [{ type: { text: 'Patient SSN' }, value: '999555174' }],
  [{ type: { text: 'Número de Seguro Social' }, value: '999555174' }],
  [{ type: { coding: [{ system: 'urn:local', code: 'PAT_SSN' }] }, value: '999555174' }],
  [{ type: { coding: [{ system: 'urn:local', code: 'SocialSecurityNumber' }] }, value: '999555174' }],
  [{ type: { coding: [{ system: 'urn:local', code: '12', display: 'Social Security no.' }] }, value: '999 55 5174' }],
  // Another code beside it doesn't hide it.
  [{ type: { coding: [{ code: 'PI' }, { code: 'SS' }] }, value: '999555174' }],
])('only the end of a Social Security number is shown: %j', (identifier) =>
  expect(described(identifier)).toEqual(['Social Security number: ends in 5174']),
);

it('a Social Security number that isn’t nine digits is not shown at all', () =>
  expect(described(ofType('SS', '5174'))).toEqual(['Social Security number: on record, not shown']));

it('a number that is sent twice is shown once, with its kind', () =>
  expect(described({ system: 'https://github.com/synthetichealth/synthea', value: 'ab' }, ofType('MR', 'ab'))).toEqual([
    'Medical record number: ab',
  ]));

it('old numbers, insurance numbers and numbers without a value are left out', () =>
  expect(
    described({ ...ofType('MR', '1'), use: 'old' }, ofType('MB', '2'), ofType('SN', '3'), { system: 'x' }, 4),
  ).toEqual([]));

it('the member number of an insurance is found by its type', () => {
  expect(findMemberNumber({ identifier: [ofType('MR', '1'), ofType('MB', ' 102345672-01 ')] })).toBe('102345672-01');
  expect(findMemberNumber({})).toBeUndefined();
});
