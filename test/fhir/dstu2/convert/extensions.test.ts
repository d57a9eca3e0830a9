import { describe, expect, it } from 'vitest';
import { convert, hidingRule } from '../fixtures/convert.ts';
import { concept, patient, TERMINOLOGY } from '../fixtures/small-resources.ts';

const extensions = (...extension: readonly unknown[]) => convert(patient({ extension }))['extension'];
const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition';
const ARGONAUT = 'http://fhir.org/guides/argonaut/StructureDefinition';
const OMB = 'urn:oid:2.16.840.1.113883.6.238';
const URL = 'https://example.org/extension';

describe('extensions in DSTU2', () => {
  it.each([
    ['race', 'http://hl7.org/fhir/v3/Race'],
    ['ethnicity', 'http://hl7.org/fhir/v3/Ethnicity'],
  ])("are mapped to Argonaut's name for %s, and its code system", (name, renamed) => {
    const partsIn = (system: string, unknown: string) => [
      { url: 'ombCategory', valueCoding: { system, code: '2106-3', display: 'White' } },
      { url: 'detailed', valueCoding: { system: unknown, code: 'UNK' } },
      { url: 'text', valueString: 'White' },
    ];
    const extension = partsIn(OMB, `${TERMINOLOGY}/v3-NullFlavor`);
    expect(extensions({ url: `${US_CORE}/us-core-${name}`, extension })).toEqual([
      { url: `${ARGONAUT}/argo-${name}`, extension: partsIn(renamed, 'http://hl7.org/fhir/v3/NullFlavor') },
    ]);
    expect(extensions({ url: URL, extension: partsIn(OMB, OMB) })).toEqual([
      { url: URL, extension: partsIn(OMB, OMB) },
    ]);
  });

  it.each(['F', 'M', 'UNK'])("are mapped to Argonaut's name for birth sex %s", (valueCode) => {
    expect(extensions({ url: `${US_CORE}/us-core-birthsex`, valueCode })).toEqual([
      { url: `${ARGONAUT}/argo-birthsex`, valueCode },
    ]);
  });

  it.each(['OTH', 'ASKU'])('omit the birth sex %s, which Argonaut doesn’t allow', (valueCode) => {
    expect(extensions({ url: `${US_CORE}/us-core-birthsex`, valueCode })).toBeUndefined();
  });

  it('don’t change if DSTU2 has no other name for them', () => {
    const other = { url: `${US_CORE}/us-core-sex`, valueCode: '248152002' };
    expect(extensions(other)).toEqual([other]);
  });

  it('have the DSTU2 name of the birth place', () => {
    const valueAddress = { city: 'Town' };
    const url = 'http://hl7.org/fhir/StructureDefinition';
    expect(extensions({ url: `${url}/patient-birthPlace`, valueAddress })).toEqual([
      { url: `${url}/birthPlace`, valueAddress },
    ]);
  });

  it.each([
    ['asked-declined', 'asked'],
    ['masked', 'masked'],
  ])('map the reason %s for a missing value to %s', (valueCode, expected) => {
    const url = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';
    const _gender = { extension: [{ url, valueCode }] };
    expect(convert(patient({ _gender }))['_gender']).toEqual({ extension: [{ url, valueCode: expected }] });
  });

  it.each([
    ['valueCanonical', 'https://example.org/x', 'valueUri', 'https://example.org/x'],
    ['valueUrl', 'https://example.org/x', 'valueUri', 'https://example.org/x'],
    ['valueUuid', 'urn:uuid:x', 'valueUri', 'urn:uuid:x'],
    ['valueAge', { value: 3, code: 'a' }, 'valueQuantity', { value: 3, code: 'a' }],
    ['valueCount', { value: 3 }, 'valueQuantity', { value: 3 }],
    ['valueDistance', { value: 3 }, 'valueQuantity', { value: 3 }],
    ['valueDuration', { value: 3, unit: 'h' }, 'valueQuantity', { value: 3, unit: 'h' }],
    [
      'valueMoney',
      { value: 3, currency: 'USD' },
      'valueQuantity',
      { value: 3, code: 'USD', system: 'urn:iso:std:iso:4217' },
    ],
    ['valueMoney', { value: 3 }, 'valueQuantity', { value: 3 }],
    [
      'valueCoding',
      { system: `${TERMINOLOGY}/v3-ActCode`, code: 'AMB' },
      'valueCoding',
      { system: 'http://hl7.org/fhir/v3/ActCode', code: 'AMB' },
    ],
  ])('convert a %s %o to a %s', (name, value, expectedName, expected) => {
    expect(extensions({ url: URL, [name]: value })).toEqual([{ url: URL, [expectedName]: expected }]);
  });

  it.each(['valueExpression', 'valueContactDetail', 'valueDosage', 'valueUsageContext', 'valueNew'])(
    'are omitted if they contain a %s, which DSTU2 can’t have',
    (name) => {
      expect(extensions({ url: URL, [name]: { text: 'x' } })).toBeUndefined();
      expect(extensions({ url: URL, extension: [{ url: 'part', [name]: { text: 'x' } }] })).toBeUndefined();
    },
  );

  it('have a Timing only if DSTU2 can express all of it', () => {
    const often = { frequency: 1, period: 1, periodUnit: 'd' };
    const expected = { repeat: { frequency: 1, period: 1, periodUnits: 'd' } };
    expect(extensions({ url: URL, valueTiming: { repeat: often } })).toEqual([{ url: URL, valueTiming: expected }]);
    expect(extensions({ url: URL, valueTiming: { event: ['2020'] } })).toEqual([
      { url: URL, valueTiming: { event: ['2020'] } },
    ]);
    const onMonday = { event: ['2020'], code: { text: 'weekly' }, repeat: { ...often, dayOfWeek: ['mon'] } };
    expect(extensions({ url: URL, valueTiming: onMonday })).toBeUndefined();
  });

  it('have a signature with its type and who signed, or none', () => {
    const who = { reference: 'Practitioner/d' };
    const when = '2020-01-01T10:00:00Z';
    const type = [{ system: 'urn:iso-astm:E1762-95:2013', code: '1.2.840.10065.1.12.1.1' }];
    const valueSignature = { type, when, who, sigFormat: 'image/png', data: 'aGk=', targetFormat: 'x' };
    expect(extensions({ url: URL, valueSignature })).toEqual([
      { url: URL, valueSignature: { type, when, whoReference: who, contentType: 'image/png', blob: 'aGk=' } },
    ]);
    expect(extensions({ url: URL, valueSignature: { ...valueSignature, data: undefined } })).toBeUndefined();
  });
});

describe('modifier extensions in DSTU2', () => {
  it('stay unchanged wherever they are, so that a client is warned', () => {
    const modifierExtension = [{ url: URL, valueExpression: { language: 'text/cql' } }];
    const contact = [{ name: { text: 'X' }, modifierExtension }];
    const made = convert(patient({ modifierExtension, contact }));
    expect(made).toMatchObject({ modifierExtension, contact: [{ modifierExtension }] });
    expect(hidingRule(patient({ modifierExtension }))).toBeUndefined();
  });
});

describe('meta in DSTU2', () => {
  it('keeps version, time, tags and labels, with the DSTU2 names of their systems', () => {
    const meta = {
      versionId: '3',
      lastUpdated: '2020-01-01T10:00:00Z',
      source: '#x',
      profile: ['https://example.org/profile'],
      security: [{ system: `${TERMINOLOGY}/v3-Confidentiality`, code: 'N' }],
      tag: [{ system: 'https://example.org', code: 'x' }],
    };
    expect(convert(patient({ meta }))['meta']).toEqual({
      versionId: '3',
      lastUpdated: '2020-01-01T10:00:00Z',
      security: [{ system: 'http://hl7.org/fhir/v3/Confidentiality', code: 'N' }],
      tag: [{ system: 'https://example.org', code: 'x' }],
    });
  });

  const whole = {
    meta: { profile: [`${US_CORE}/us-core-patient|6.1.0`] },
    identifier: [{ system: 'https://example.org', value: '1' }],
    name: [{ family: 'Example', given: ['Ada'] }],
    gender: 'female',
    communication: [{ language: concept('urn:ietf:bcp:47', 'en') }],
  };
  it('declares an Argonaut profile for one of US Core', () => {
    expect(convert(patient(whole))['meta']).toEqual({ profile: [`${ARGONAUT}/argo-patient`] });
  });

  it.each([
    ['an identifier without a system', { identifier: [...whole.identifier, { value: '1' }] }],
    ['no identifier', { identifier: undefined }],
    ['a name without a given name', { name: [...whole.name, { family: 'Example' }] }],
    ['no gender', { gender: undefined }],
    ['a language as text', { communication: [{ language: { text: 'Elvish' } }] }],
  ])('declares no profile with %s', (_, changes) => {
    expect(convert(patient({ ...whole, ...changes }))).not.toHaveProperty('meta');
  });
});

describe('contained resources in DSTU2', () => {
  const organization = { resourceType: 'Organization', id: 'org', name: 'Town Clinic' };
  const endpoint = { resourceType: 'Endpoint', id: 'end', name: 'Town Clinic' };
  const contained = [organization, endpoint, { resourceType: 'Patient', id: 'q', name: [{ family: 'Other' }] }];

  it('are converted, or removed together with references to them', () => {
    const made = convert(
      patient({
        contained,
        managingOrganization: { reference: '#org', display: 'Town Clinic' },
        link: [{ other: { reference: '#q' }, type: 'refer' }],
        extension: [{ url: 'https://example.org/x', valueReference: { reference: '#end', display: 'Town Clinic' } }],
      }),
    );
    expect(made['managingOrganization']).toEqual({ reference: '#org', display: 'Town Clinic' });
    expect(made['extension']).toMatchObject([{ valueReference: { display: 'Town Clinic' } }]);
    expect(JSON.stringify(made)).not.toContain('#end');
    expect(made['contained']).toEqual([
      organization,
      { resourceType: 'Patient', id: 'q', name: [{ family: ['Other'] }] },
    ]);
  });

  it('are included only while something refers to them (dom-3)', () => {
    expect(convert(patient({ contained }))).not.toHaveProperty('contained');
  });

  it('are removed if a rule hides them', () => {
    const hidden = {
      resourceType: 'Observation',
      id: 'x',
      status: 'final',
      code: { text: 'x' },
      focus: [{ display: 'fetus' }],
    };
    const extension = [{ url: URL, valueReference: { reference: '#x' } }];
    expect(convert(patient({ contained: [hidden], extension }))).toEqual({ resourceType: 'Patient', id: 'p' });
  });
});
