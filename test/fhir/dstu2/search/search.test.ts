import { describe, expect, it } from 'vitest';
import { dstu2 } from '../../../../src/fhir/dstu2/index.ts';
import type { TokenValue } from '../../../../src/fhir/model/search-parameter.ts';
import { typeVariants } from '../../../../src/fhir/model/type-variants.ts';
import { readSearch } from '../../../../src/fhir/search/search-request.ts';
import { parseToken } from '../../../../src/fhir/search/values/search-value.ts';
import { RESOURCE_INDEX } from '../../../../src/fhir/store/index/index-definitions.ts';
import { convert } from '../fixtures/convert.ts';
import { allergy, concept, condition, observation, request, TERMINOLOGY } from '../fixtures/small-resources.ts';

const typeOf = (name: string) => dstu2.types.find((type) => type.name === name);

/** Stored codes that a DSTU2 search matches, as `system|code`. */
function stored(type: string, name: string, text: string): readonly string[] {
  const parameter = typeOf(type)?.parameters.find((one) => one.name === name);
  if (parameter?.kind !== 'token') throw new Error(`${type} has no token parameter ${name}`);
  const value = parseToken(name, text);
  const values: readonly TokenValue[] = parameter.toStored?.(value) ?? [value];
  return values.map(({ system, code }) => (system === undefined ? (code ?? '') : `${system}|${code ?? ''}`));
}

const CLINICAL = `${TERMINOLOGY}/condition-clinical`;
const MEDICATION = 'http://hl7.org/fhir/CodeSystem/medicationrequest-status';
const OBSERVATION = 'http://hl7.org/fhir/observation-status';

describe('DSTU2 searches on the R4 index', () => {
  it('have an index for each parameter', () => {
    const missing = dstu2.types.flatMap(typeVariants).flatMap(({ stored: own, parameters }) =>
      parameters.filter((parameter) => {
        if (parameter.kind === 'patient' || parameter.kind === 'composite') return false;
        const type = parameter.within === true ? 'PractitionerRole' : own;
        const {
          tokens = {},
          dates = {},
          references = {},
          strings = {},
          quantities = {},
          uris = {},
        } = RESOURCE_INDEX[type] ?? {};
        const indexes = {
          token: tokens,
          date: dates,
          reference: references,
          string: strings,
          quantity: quantities,
          uri: uris,
        };
        return !(parameter.index in indexes[parameter.kind]);
      }),
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it.each([
    ['AllergyIntolerance', 'date', 'date'],
    ['Condition', 'onset', 'onset-date'],
    ['Condition', 'date-recorded', 'recorded-date'],
    ['MedicationOrder', 'datewritten', 'authoredon'],
    ['Observation', 'date', 'date'],
    ['AllergyIntolerance', 'substance', 'code'],
    ['Condition', 'clinicalstatus', 'clinical-status'],
  ])('%s?%s is searched as %s', (type, name, index) => {
    expect(typeOf(type)?.parameters).toContainEqual(expect.objectContaining({ name, index }));
  });

  it.each([
    [
      'Observation',
      'category',
      'http://hl7.org/fhir/observation-category|vital-signs',
      `${TERMINOLOGY}/observation-category|vital-signs`,
    ],
    ['Observation', 'category', 'http://hl7.org/fhir/observation-category|', `${TERMINOLOGY}/observation-category|`],
    ['Observation', 'category', 'laboratory', 'laboratory'],
    [
      'Observation',
      'category',
      `${TERMINOLOGY}/observation-category|laboratory`,
      `${TERMINOLOGY}/observation-category|laboratory`,
    ],
    ['Observation', 'category', '|laboratory', '|laboratory'],
    ['Observation', 'code', 'http://loinc.org|8867-4', 'http://loinc.org|8867-4'],
    ['Observation', 'code', '55284-4', 'http://loinc.org|85354-9'],
    ['Observation', 'code', 'http://loinc.org|55284-4', 'http://loinc.org|85354-9'],
    ['Condition', 'category', 'problem', `${TERMINOLOGY}/condition-category|problem-list-item`],
    ['Condition', 'category', 'http://argonaut.hl7.org|problem', `${TERMINOLOGY}/condition-category|problem-list-item`],
    [
      'Condition',
      'category',
      'http://argonaut.hl7.org|',
      'http://hl7.org/fhir/us/core/CodeSystem/condition-category|health-concern',
    ],
    [
      'Condition',
      'category',
      'health-concern',
      'http://hl7.org/fhir/us/core/CodeSystem/condition-category|health-concern',
    ],
    ['Condition', 'category', 'diagnosis', `${TERMINOLOGY}/condition-category|encounter-diagnosis`],
    [
      'Condition',
      'category',
      'http://hl7.org/fhir/condition-category|Diagnosis',
      `${TERMINOLOGY}/condition-category|encounter-diagnosis`,
    ],
    ['Condition', 'clinicalstatus', 'http://hl7.org/fhir/condition-clinical|relapse', `${CLINICAL}|recurrence`],
    ['Condition', 'clinicalstatus', '|ACTIVE', `${CLINICAL}|active`],
    ['MedicationOrder', 'status', 'http://hl7.org/fhir/medication-order-status|active', `${MEDICATION}|active`],
  ])('%s?%s=%s finds %s', (type, name, text, expected) => {
    expect(stored(type, name, text)).toContain(expected);
  });

  it.each([
    ['Observation', 'code', 'http://snomed.info/sct|55284-4', 'http://loinc.org|85354-9'],
    ['Observation', 'code', 'http://loinc.org|', 'http://loinc.org|85354-9'],
    [
      'Condition',
      'category',
      'http://hl7.org/fhir/condition-category|problem',
      `${TERMINOLOGY}/condition-category|problem-list-item`,
    ],
  ])('%s?%s=%s does not find %s', (type, name, text, expected) => {
    expect(stored(type, name, text)).not.toContain(expected);
  });

  it.each([
    ['Condition', 'clinicalstatus', 'recurrance'],
    ['Condition', 'clinicalstatus', 'https://example.org|active'],
    ['MedicationOrder', 'status', 'cancelled'],
    ['AllergyIntolerance', 'status', 'gone'],
  ])('%s?%s=%s finds nothing, and isn’t an error', (type, name, text) => {
    expect(stored(type, name, text)).toEqual([]);
  });
});

describe('modifiers of R4 that DSTU2 doesn’t have', () => {
  it.each([
    'code:in=http://hl7.org/fhir/ValueSet/x',
    'code:not-in=x',
    'code:below=urn:x|y',
    'code:of-type=a|b|c',
    'patient:identifier=x',
  ])('Observation?%s is rejected', (query) => {
    const served = typeOf('Observation');
    if (served === undefined) throw new Error('no Observation');
    const context = { version: dstu2, served, base: 'https://records.example/dstu2', now: new Date(0) };
    const read = () => readSearch([...new URLSearchParams(query)], context, false);
    expect(read).toThrow(expect.objectContaining({ code: 'search-invalid', status: 400 }));
  });
});

describe('the results of a DSTU2 search match their content', () => {
  it.each(['active', 'recurrence', 'relapse', 'inactive', 'remission', 'resolved'])(
    'Condition with clinical status %s',
    (code) => {
      const status = String(convert(condition({ clinicalStatus: concept(CLINICAL, code) }))['clinicalStatus']);
      for (const searched of ['active', 'relapse', 'remission', 'resolved']) {
        expect(stored('Condition', 'clinicalstatus', searched).includes(`${CLINICAL}|${code}`)).toBe(
          searched === status,
        );
      }
    },
  );

  it.each(['active', 'on-hold', 'cancelled', 'completed', 'entered-in-error', 'stopped', 'draft', 'unknown'])(
    'MedicationOrder with status %s',
    (code) => {
      const { status } = convert(request({ status: code }));
      for (const searched of ['active', 'on-hold', 'completed', 'entered-in-error', 'stopped', 'draft']) {
        expect(stored('MedicationOrder', 'status', searched).includes(`${MEDICATION}|${code}`)).toBe(
          searched === status,
        );
      }
    },
  );

  it.each(['registered', 'preliminary', 'final', 'amended', 'corrected', 'cancelled', 'entered-in-error', 'unknown'])(
    'Observation with status %s',
    (code) => {
      const { status } = convert(observation({ status: code }));
      for (const searched of [
        'registered',
        'preliminary',
        'final',
        'amended',
        'cancelled',
        'entered-in-error',
        'unknown',
      ]) {
        expect(stored('Observation', 'status', searched).includes(`${OBSERVATION}|${code}`)).toBe(searched === status);
      }
    },
  );

  const clinical = ['', 'active', 'inactive', 'resolved'];
  const verification = ['', 'unconfirmed', 'confirmed', 'refuted', 'entered-in-error'];
  it.each(clinical.flatMap((one) => verification.map((other) => [one, other] as const)))(
    'AllergyIntolerance with clinical status "%s" and verification status "%s"; confirmed and unconfirmed are active',
    (one, other) => {
      const optional = (name: string, code: string) =>
        code === '' ? undefined : concept(`${TERMINOLOGY}/${name}`, code);
      const clinicalStatus = optional('allergyintolerance-clinical', one);
      const verificationStatus = optional('allergyintolerance-verification', other);
      const status = convert(allergy({ clinicalStatus, verificationStatus }))['status'];
      for (const searched of [
        'active',
        'confirmed',
        'unconfirmed',
        'inactive',
        'resolved',
        'refuted',
        'entered-in-error',
      ]) {
        const isKind = searched === 'active' && (status === 'confirmed' || status === 'unconfirmed');
        expect(stored('AllergyIntolerance', 'status', searched).includes(`${one}/${other}`)).toBe(
          searched === status || isKind,
        );
      }
    },
  );
});
