import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { convert, hidingRule } from '../fixtures/convert.ts';
import { FINDINGS } from '../fixtures/full-findings.ts';
import { variant } from '../fixtures/full-parts.ts';
import { concept, TERMINOLOGY } from '../fixtures/small-resources.ts';

const make =
  (type: string) =>
  (changes: object, without: readonly string[] = []): Resource =>
    variant(FINDINGS[type]?.[0] as Resource, without, { ...changes });

describe('DiagnosticReport', () => {
  const report = make('DiagnosticReport');

  it('of a laboratory has the category of DSTU2 and Argonaut', () => {
    const category = [{ text: 'other' }, concept(`${TERMINOLOGY}/v2-0074`, 'LAB')];
    expect(convert(report({ category }))['category']).toEqual({
      coding: [
        { system: 'http://hl7.org/fhir/v2/0074', code: 'LAB' },
        { system: 'http://hl7.org/fhir/ValueSet/diagnostic-service-sections', code: 'LAB' },
      ],
    });
  });

  it.each([
    [{ issued: undefined }, { issued: '2020-01-01T10:00:00Z', effectiveDateTime: '2020-01-01T10:00:00Z' }],
    [
      { issued: undefined, effectiveDateTime: '2020' },
      { issued: '2024-01-01T00:00:00Z', effectiveDateTime: '2020' },
    ],
    [{ effectiveDateTime: undefined }, { issued: '2020-01-02T10:00:00Z', effectiveDateTime: '2020-01-02T10:00:00Z' }],
  ])('%j: one time replaces the other', (changes, expected) => {
    expect(convert(report({ meta: { lastUpdated: '2024-01-01T00:00:00Z' }, ...changes }))).toMatchObject(expected);
  });

  it('without any time is hidden', () => {
    expect(hidingRule(report({}, ['issued', 'effectiveDateTime']))).toBe('required-element-missing');
  });

  it.each([
    [[{ reference: 'CareTeam/t' }, { reference: 'Practitioner/p' }], { reference: 'Practitioner/p' }],
    [[{ reference: 'PractitionerRole/r', display: 'Dr. X' }], { display: 'Dr. X' }],
    [[], { display: 'Unknown' }],
  ])('performed by %j has %j', (performer, expected) => {
    expect(convert(report({ performer, resultsInterpreter: undefined }))['performer']).toEqual(expected);
  });
});

describe('DocumentReference', () => {
  const document = make('DocumentReference');

  it('without a date was indexed at its last change', () => {
    expect(convert(document({ meta: { lastUpdated: '2024-01-01T00:00:00Z' } }, ['date']))['indexed']).toBe(
      '2024-01-01T00:00:00Z',
    );
    expect(hidingRule(document({}, ['date']))).toBe('required-element-missing');
  });

  it('without a type has an unknown type', () => {
    expect(convert(document({}, ['type']))['type']).toMatchObject({ coding: [{ code: 'UNK' }] });
  });

  it('without a format has one by its media type', () => {
    const made = convert(
      document({ content: [{ attachment: { contentType: 'text/plain', url: 'https://a.example' } }] }),
    );
    expect(made['content']).toMatchObject([{ format: [{ code: 'urn:ihe:iti:xds:2017:mimeTypeSufficient' }] }]);
  });

  it('leaves out an unknown relation', () => {
    const relatesTo = [{ code: 'contradicts', target: { reference: 'DocumentReference/x' } }];
    expect(convert(document({ relatesTo }))).not.toHaveProperty('relatesTo');
  });
});

describe('Provenance', () => {
  const provenance = make('Provenance');

  it('keeps each target in its place, even if DSTU2 doesn’t have it', () => {
    expect(convert(provenance({}))['target']).toEqual([
      { reference: 'Observation/o' },
      { reference: 'MedicationOrder/m' },
      { display: 'A resource that FHIR DSTU2 does not have' },
    ]);
  });

  it.each('enterer performer author verifier attester informant custodian assembler composer'.split(' '))(
    'the agent %s has that role',
    (code) => {
      const agent = [{ type: concept(`${TERMINOLOGY}/provenance-participant-type`, code), who: { display: 'A' } }];
      const role = { system: 'http://hl7.org/fhir/provenance-participant-role', code };
      expect(convert(provenance({ agent }))['agent']).toMatchObject([{ role }]);
    },
  );

  it.each([
    [
      concept('http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type', 'transmitter'),
      'transmitter',
    ],
    [undefined, 'UNK'],
  ])('an agent of the type %j has the role %s', (type, code) => {
    expect(convert(provenance({ agent: [{ type, who: { display: 'A' } }] }))['agent']).toMatchObject([
      { role: { code } },
    ]);
  });

  it('has an agent with only an identifier as a user', () => {
    const agent = [{ who: { identifier: { system: 'urn:x', value: '1' } } }];
    expect(convert(provenance({ agent }))['agent']).toMatchObject([{ userId: { system: 'urn:x', value: '1' } }]);
  });

  it('has the role of an entity', () => {
    expect(convert(provenance({}))['entity']).toMatchObject([
      {
        type: { system: 'http://hl7.org/fhir/resource-types', code: 'DocumentReference' },
        reference: 'DocumentReference/x',
      },
    ]);
  });
});

describe('Specimen', () => {
  const specimen = make('Specimen');

  it('has its condition at collection as text', () => {
    expect(convert(specimen({ note: [{ text: 'a note' }] }))['collection']).toMatchObject({
      comment: ['a note', 'Condition of the specimen: clotted', 'Fasting: fasting', 'Collected over: 5 min'],
    });
  });

  it.each(['available', 'unavailable', 'unsatisfactory', 'entered-in-error'])(
    'that is %s has that status',
    (status) => {
      expect(convert(specimen({ status }))['status']).toBe(status);
    },
  );

  it('in an unknown status is hidden', () => {
    expect(hidingRule(specimen({ status: 'lost' }))).toBe('status-not-understood');
  });
});
