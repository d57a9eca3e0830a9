import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { dstu2System, r4System } from '../../../../src/fhir/dstu2/convert/datatypes/code-system.ts';
import { SHARED_DATA } from '../../../support/fhir/shared-data.ts';

const R4 = 'http://terminology.hl7.org/CodeSystem';

describe('URIs of code systems', () => {
  it.each([
    [`${R4}/v3-ActCode`, 'http://hl7.org/fhir/v3/ActCode'],
    [`${R4}/v2-0203`, 'http://hl7.org/fhir/v2/0203'],
    [`${R4}/observation-category`, 'http://hl7.org/fhir/observation-category'],
    [`${R4}/discharge-disposition`, 'http://hl7.org/fhir/discharge-disposition'],
  ])('from R4 are mapped both ways: %s was %s', (r4, dstu2) => {
    expect(dstu2System(r4)).toBe(dstu2);
    expect(r4System(dstu2)).toBe(r4);
  });

  it.each([
    'http://loinc.org',
    'http://snomed.info/sct',
    'http://unitsofmeasure.org',
    'urn:ietf:bcp:47',
    'http://hl7.org/fhir/administrative-gender',
    `${R4}/allergyintolerance-clinical`,
    `${R4}/v3-WorkClassificationODH`,
    `${R4}/v2-0360|2.7`,
    `${R4}/constructor`,
  ])('that both versions have, or R4 alone, don’t change: %s', (uri) => {
    expect(dstu2System(uri)).toBe(uri);
    expect(r4System(uri)).toBe(uri);
  });

  it('don’t change for codes that are newer than DSTU2, so that no coding names a code that its system never had', () => {
    expect(dstu2System(`${R4}/v3-GTSAbbreviation`, 'BID')).toBe('http://hl7.org/fhir/v3/GTSAbbreviation');
    expect(dstu2System(`${R4}/v3-GTSAbbreviation`, 'QD')).toBe(`${R4}/v3-GTSAbbreviation`);
    expect(dstu2System(`${R4}/observation-category`, 'activity')).toBe(`${R4}/observation-category`);
  });
});

const file = path.join(SHARED_DATA ?? '', 'interversion/codesystem-uri-r4-to-dstu2.json');
/** Published list of code system URIs in R4 and DSTU2. The converter's table was compiled from it. */
const list: { map: Record<string, { dstu2: string; lostCodes: string[] }>; noDstu2System: string[] } | undefined =
  SHARED_DATA === undefined ? undefined : JSON.parse(readFileSync(file, 'utf8'));

describe.skipIf(list === undefined)('the compiled table (skipped without SHARED_DATA)', () => {
  const known = Object.entries(list?.map ?? {});

  it('maps all 614 systems of the list, both ways', () => {
    expect(known.filter(([r4, { dstu2 }]) => r4 !== dstu2)).toHaveLength(614);
    expect(known.filter(([r4, { dstu2 }]) => dstu2System(r4) !== dstu2)).toEqual([]);
    expect(known.filter(([r4, { dstu2 }]) => r4 !== dstu2 && r4System(dstu2) !== r4)).toEqual([]);
  });

  it('has none of the 338 systems that DSTU2 lacks', () => {
    expect(list?.noDstu2System).toHaveLength(338);
    expect(list?.noDstu2System.filter((uri) => dstu2System(uri) !== uri)).toEqual([]);
  });

  it('knows each new code', () => {
    const wrong = known.flatMap(([r4, { lostCodes }]) => lostCodes.filter((code) => dstu2System(r4, code) !== r4));
    expect(wrong).toEqual([]);
  });
});
