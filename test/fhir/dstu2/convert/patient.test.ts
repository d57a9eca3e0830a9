import { describe, expect, it } from 'vitest';
import { convert } from '../fixtures/convert.ts';
import { concept, patient, TERMINOLOGY } from '../fixtures/small-resources.ts';

const marital = (system: string, code: string, display?: string) => ({
  maritalStatus: { coding: [{ system, code, ...(display === undefined ? {} : { display }) }] },
});
const V3_MARITAL = `${TERMINOLOGY}/v3-MaritalStatus`;

describe('Patient in DSTU2', () => {
  it.each([
    ...'ADILMPSTW'.split('').map((code) => [code, V3_MARITAL, `http://hl7.org/fhir/v3/MaritalStatus|${code}`] as const),
    ['U', V3_MARITAL, 'http://hl7.org/fhir/marital-status|U'] as const,
    ['UNK', `${TERMINOLOGY}/v3-NullFlavor`, 'http://hl7.org/fhir/v3/NullFlavor|UNK'] as const,
  ])('keeps the marital status %s, which is in the required binding', (code, system, expected) => {
    const [other, otherCode] = expected.split('|');
    expect(convert(patient(marital(system, code)))['maritalStatus']).toEqual(concept(other ?? '', otherCode ?? ''));
  });

  it.each([
    [V3_MARITAL, 'C', 'Common Law'],
    [`${TERMINOLOGY}/v3-NullFlavor`, 'ASKU', 'asked but unknown'],
    ['https://example.org/marital', 'M', 'Married here'],
  ])('has only text for %s|%s', (system, code, display) => {
    expect(convert(patient(marital(system, code, display)))['maritalStatus']).toEqual({ text: display });
  });

  it('prefers the record’s text, and uses the code without a text', () => {
    const other = { coding: [{ system: V3_MARITAL, code: 'C', display: 'Common Law' }], text: 'partners' };
    expect(convert(patient({ maritalStatus: other }))['maritalStatus']).toEqual({ text: 'partners' });
    expect(convert(patient(marital(V3_MARITAL, 'C')))['maritalStatus']).toEqual({ text: 'C' });
  });

  it('has languages as BCP 47 or as text', () => {
    const languages = [
      { language: concept('urn:ietf:bcp:47', 'es'), preferred: true },
      { language: { coding: [{ system: 'https://example.org/languages', code: 'x', display: 'Elvish' }] } },
      { preferred: false },
    ];
    expect(convert(patient({ communication: languages }))['communication']).toEqual([
      { language: concept('urn:ietf:bcp:47', 'es'), preferred: true },
      { language: { text: 'Elvish' } },
    ]);
  });

  it.each([
    ['C', 'emergency'],
    ['N', 'family'],
    ['E', 'work'],
  ])('maps a contact %s of v2-0131 to %s, followed by the original coding', (code, expected) => {
    const contact = [{ relationship: [concept(`${TERMINOLOGY}/v2-0131`, code)], name: { text: 'X' } }];
    expect(convert(patient({ contact }))['contact']).toEqual([
      {
        relationship: [
          {
            coding: [
              { system: 'http://hl7.org/fhir/patient-contact-relationship', code: expected },
              { system: 'http://hl7.org/fhir/v2/0131', code },
            ],
          },
        ],
        name: { text: 'X' },
      },
    ]);
  });

  it.each('FSIO'.split('').concat('CP', 'BP', 'EP', 'PR', 'U'))('keeps a contact %s of v2-0131 as text', (code) => {
    const contact = [{ relationship: [{ ...concept(`${TERMINOLOGY}/v2-0131`, code), text: 'words' }] }];
    const [made] = convert(patient({ contact }))['contact'] as [{ relationship: unknown[] }];
    const coding = made.relationship.map((one) => JSON.stringify(one)).join();
    expect(coding).toContain('"text":"words"');
    expect(coding).not.toContain('patient-contact-relationship');
  });

  it.each([
    ['replaced-by', 'replace'],
    ['replaces', 'seealso'],
    ['refer', 'refer'],
    ['seealso', 'seealso'],
  ])('maps a link %s to %s', (type, expected) => {
    const other = { reference: 'Patient/q' };
    expect(convert(patient({ link: [{ other, type }] }))['link']).toEqual([{ other, type: expected }]);
  });

  it('drops links to a RelatedPerson, which DSTU2 doesn’t allow', () => {
    expect(
      convert(patient({ link: [{ other: { reference: 'RelatedPerson/r' }, type: 'seealso' }] })),
    ).not.toHaveProperty('link');
  });

  it('has Practitioners and Organizations as care providers, and a PractitionerRole only by name', () => {
    const generalPractitioner = [
      { reference: 'Practitioner/d' },
      { reference: 'PractitionerRole/r', display: 'Dr. Example, Town Clinic' },
      { reference: 'PractitionerRole/s' },
      { reference: 'Organization/o' },
    ];
    expect(convert(patient({ generalPractitioner }))['careProvider']).toEqual([
      { reference: 'Practitioner/d' },
      { display: 'Dr. Example, Town Clinic' },
      { reference: 'Organization/o' },
    ]);
  });
});
