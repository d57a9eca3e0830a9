import { describe, expect, it } from 'vitest';
import { dstu2Projection } from '../../../../src/fhir/dstu2/index.ts';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { parseJson } from '../../../../src/fhir/model/json.ts';
import { convert } from '../fixtures/convert.ts';
import { concept, observation, patient, TERMINOLOGY } from '../fixtures/small-resources.ts';

describe('datatypes in DSTU2', () => {
  it('HumanName has a list of family names, with a list of their extensions', () => {
    const sibling = { extension: [{ url: 'https://example.org/own-name', valueString: 'Example' }] };
    const name = [
      { family: 'Example', _family: sibling, given: ['Ada', null], _given: [null, sibling] },
      { _family: sibling },
      // FHIR DSTU2, ele-1: an element with only an id has no content.
      { given: ['Ada', null], _given: [null, { id: 'x' }] },
      { text: 'Ada', given: [null], _given: [{ id: 'x' }] },
    ];
    expect(convert(patient({ name }))['name']).toEqual([
      { family: ['Example'], _family: [sibling], given: ['Ada', null], _given: [null, sibling] },
      { _family: [sibling] },
      { given: ['Ada'] },
      { text: 'Ada' },
    ]);
  });

  it.each([
    ['phone', 'phone'],
    ['fax', 'fax'],
    ['email', 'email'],
    ['pager', 'pager'],
    ['url', 'other'],
    ['sms', 'other'],
    ['other', 'other'],
  ])('ContactPoint maps the system %s to %s', (system, expected) => {
    expect(convert(patient({ telecom: [{ system, value: 'x' }] }))['telecom']).toEqual([
      { system: expected, value: 'x' },
    ]);
  });

  it.each([
    ['home', 'home'],
    ['work', 'work'],
    ['temp', 'temp'],
    ['old', 'old'],
    ['billing', undefined],
  ])('Address maps the use %s to %s', (use, expected) => {
    const [made] = convert(patient({ address: [{ use, city: 'Town' }] }))['address'] as [{ use?: string }];
    expect(made.use).toBe(expected);
  });

  it.each(['usual', 'official', 'temp', 'secondary'])('Identifier has the use %s', (use) => {
    const identifier = [{ use, system: 'https://example.org', value: '1' }];
    expect(convert(patient({ identifier }))['identifier']).toEqual(identifier);
  });

  it('Identifier that is old is left out, unless its period shows that it has ended', () => {
    const over = { system: 'https://example.org', value: '1', period: { end: '2020' } };
    const identifier = [
      { use: 'old', system: 'https://example.org', value: '2' },
      { use: 'old', ...over },
    ];
    expect(convert(patient({ identifier }))['identifier']).toEqual([over]);
  });

  it('Identifier has its type with the DSTU2 code system, and no identifier of the assigner', () => {
    const assigner = { identifier: { value: 'x' }, type: 'Organization', display: 'Town Clinic' };
    const identifier = [{ type: concept(`${TERMINOLOGY}/v2-0203`, 'MR'), value: '1', assigner }];
    expect(convert(patient({ identifier }))['identifier']).toEqual([
      { type: concept('http://hl7.org/fhir/v2/0203', 'MR'), value: '1', assigner: { display: 'Town Clinic' } },
    ]);
  });

  it('numbers keep their digits', () => {
    const text =
      '{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.50}}';
    expect(dstu2Projection.project(parseJson(text) as Resource)).toEqual({ content: text });
  });

  it('primitives have their ids and extensions, even without a value', () => {
    const sibling = {
      extension: [
        { url: 'http://hl7.org/fhir/StructureDefinition/patient-birthTime', valueDateTime: '1980-05-06T07:08:09Z' },
      ],
    };
    expect(convert(patient({ birthDate: '1980-05-06', _birthDate: sibling }))).toMatchObject({
      birthDate: '1980-05-06',
      _birthDate: sibling,
    });
    expect(convert(patient({ _birthDate: sibling }))).toMatchObject({ _birthDate: sibling });
    expect(convert(observation({ effectiveInstant: undefined, _effectiveInstant: sibling }))).toMatchObject({
      _effectiveDateTime: sibling,
    });
  });

  it('elements keep their ids, and lose unknown members', () => {
    const name = [{ id: 'n', family: 'Example', nickname: 'Addie', given: [{ a: 1 }], text: { b: 2 } }];
    const made = convert(patient({ name, nickname: 'Addie', constructor: 'x', active: { c: 3 } }));
    expect(made).toEqual({ resourceType: 'Patient', id: 'p', name: [{ id: 'n', family: ['Example'] }] });
  });
});

describe('references in DSTU2', () => {
  const specimen = (reference: unknown) => convert(observation({ specimen: reference }))['specimen'];

  it.each([
    [{ reference: 'Specimen/x' }, { reference: 'Specimen/x' }],
    [
      { reference: 'Specimen/x/_history/2', type: 'Specimen', identifier: { value: '1' } },
      { reference: 'Specimen/x/_history/2' },
    ],
    [{ reference: 'https://example.org/fhir/Specimen/x' }, { reference: 'https://example.org/fhir/Specimen/x' }],
    [{ reference: 'urn:uuid:0c3151bd' }, { reference: 'urn:uuid:0c3151bd' }],
    [{ reference: 'urn:uuid:0c3151bd', type: 'Device', display: 'd' }, { display: 'd' }],
    [{ reference: 'Device/x', display: 'd' }, { display: 'd' }],
    [{ reference: 'https://example.org/fhir/Device/x', display: 'd' }, { display: 'd' }],
    [{ reference: 'Device/x' }, undefined],
    [{ reference: '#gone', display: 'd' }, { display: 'd' }],
    [{ identifier: { value: '1' }, display: 'd' }, { display: 'd' }],
    [{ identifier: { value: '1' } }, undefined],
    ['Specimen/x', undefined],
  ])('to one type: %o is mapped to %o', (reference, expected) => {
    expect(specimen(reference)).toEqual(expected);
  });

  const INFO = 'https://example.org/see-also';
  it.each([
    ['MedicationRequest/x', 'MedicationOrder/x'],
    ['MedicationRequest/x/_history/1', 'MedicationOrder/x/_history/1'],
    ['https://example.org/r4/MedicationRequest/x', 'https://example.org/r4/MedicationRequest/x'],
    ['DiagnosticReport/x', 'DiagnosticReport/x'],
    ['CareTeam/x', 'CarePlan/careteam-x'],
    ['Task/x', undefined],
    ['PractitionerRole/x', undefined],
    ['ServiceRequest/x', undefined],
  ])('to any type: %s is mapped to %s', (reference, expected) => {
    const extension = [{ url: INFO, valueReference: { reference } }];
    const made = expected === undefined ? undefined : [{ url: INFO, valueReference: { reference: expected } }];
    expect(convert(patient({ extension }))['extension']).toEqual(made);
  });
});
