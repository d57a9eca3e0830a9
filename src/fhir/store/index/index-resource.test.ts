import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import fhirpath from 'fhirpath';
import r4Model from 'fhirpath/fhir-context/r4';
import { describe, expect, it } from 'vitest';
import { arbitraryResource, CLINICAL_TYPES, coding, patient } from '../../../../test/support/fhir/charts.ts';
import { dataFiles, withData } from '../../../../test/support/fhir/published-data.ts';
import { SHARED_DATA } from '../../../../test/support/fhir/shared-data.ts';
import expressions from '../../../../test/support/generated/search-expressions.json' with { type: 'json' };
import { propertyRuns, slice } from '../../../../test/support/runs/slice.ts';
import type { Resource } from '../../model/fhir-version.ts';
import type { TokenValue } from '../../model/search-parameter.ts';
import { getIndexedType, RESOURCE_INDEX } from './index-definitions.ts';
import { indexResource } from './index-resource.ts';
import { referenceToken, valueToken } from './token-hash.ts';

/** FHIRPath expressions from the SearchParameter resources of R4 and US Core. */
const PUBLISHED: Readonly<Record<string, Readonly<Record<string, string>>>> = expressions;
/**
 * Expressions to use instead of the published ones. Some published definitions don't say which elements a parameter
 * searches. In other cases the index deliberately finds more than the published expression: if an element implies a
 * code system, its code is also found by that system.
 */
const EXTENSIONS = 'http://hl7.org/fhir/us/core/StructureDefinition';
const FUNCTION = "function.coding.where(system = 'http://terminology.hl7.org/CodeSystem/v2-0443').first().code";
const OWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Patient: {
    race: `Patient.extension.where(url = '${EXTENSIONS}/us-core-race').extension.value.ofType(Coding)`,
    ethnicity: `Patient.extension.where(url = '${EXTENSIONS}/us-core-ethnicity').extension.value.ofType(Coding)`,
    'gender-identity': `Patient.extension.where(url = '${EXTENSIONS}/us-core-genderIdentity').value.ofType(CodeableConcept)`,
    deceased: 'Patient.deceased.exists() and Patient.deceased != false',
  },
  // `occurrenceString` is text without a date, so the index ignores it.
  Immunization: {
    date: 'Immunization.occurrence.ofType(dateTime)',
    'performer-giving': `Immunization.performer.where(function.empty() or ${FUNCTION} = 'AP').actor`,
    'performer-ordering': `Immunization.performer.where(${FUNCTION} = 'OP').actor`,
  },
  // In DSTU2, a CareTeam becomes a CarePlan whose participants include the managing organization. So the index
  // `participants` has the managing organization too.
  CarePlan: { participants: '{}' },
  CareTeam: { participants: 'CareTeam.participant.member | CareTeam.managingOrganization' },
  Procedure: { date: 'Procedure.performed.ofType(dateTime) | Procedure.performed.ofType(Period)' },
};
const expressionOf = (type: string, name: string): string | undefined => {
  if (name === '_security' || name === '_tag') return `${type}.meta.${name.slice(1)}`;
  return OWN[type]?.[name] ?? PUBLISHED[type]?.[name];
};

const compiled = new Map<string, (resource: unknown) => unknown[]>();
function evaluate(type: string, name: string, resource: Resource): readonly unknown[] {
  const expression = expressionOf(type, name);
  if (expression === undefined) throw new Error(`no expression for ${type} ${name}`);
  const found = compiled.get(expression) ?? (fhirpath.compile(expression, r4Model) as (resource: unknown) => unknown[]);
  compiled.set(expression, found);
  return found(structuredClone(resource));
}

interface PlainElement {
  readonly coding?: readonly PlainElement[];
  readonly system?: string;
  readonly code?: string;
  readonly value?: string;
  readonly reference?: string;
  readonly start?: string;
  readonly end?: string;
  readonly event?: readonly string[];
}

/** True if a FHIRPath node matches a token value, by the rules of FHIR R4 search §3.1.1.4.10. */
function matches(node: unknown, query: TokenValue, implied: string | undefined): boolean {
  if (typeof node === 'string' || typeof node === 'boolean') {
    const systems = implied === undefined ? [''] : ['', implied];
    const code = String(node).toLowerCase();
    if (query.code === undefined) return query.system === implied && implied !== undefined;
    return code === query.code.toLowerCase() && (query.system === undefined || systems.includes(query.system));
  }
  const { coding, system, code, value } = node as PlainElement;
  if (coding !== undefined) return coding.some((one) => matches(one, query, undefined));
  if (query.system !== undefined && (system ?? '') !== query.system) return false;
  if (query.code === undefined) return true;
  return (code ?? value)?.toLowerCase() === query.code.toLowerCase();
}

/** Returns token searches in every form: for codes that the resource has, and for some that it doesn't have. */
function tokenQueries(nodes: readonly unknown[], implied: string | undefined): readonly TokenValue[] {
  const codings = nodes.flatMap((node) => {
    if (typeof node !== 'object') return [{ system: implied ?? '', code: String(node) }];
    const { coding, system, code, value } = node as PlainElement;
    return coding === undefined
      ? [{ system: system ?? '', code: code ?? value ?? '' }]
      : coding.map((one) => ({ system: one.system ?? '', code: one.code ?? '' }));
  });
  const known = [...codings, { system: 'urn:nothing', code: 'nothing' }, { system: 'http://loinc.org', code: 'lab' }];
  return known
    .flatMap(({ system, code }): readonly { system: string | undefined; code: string | undefined }[] => [
      { system, code },
      { system: undefined, code },
      { system: '', code },
      { system: 'urn:nothing', code },
      { system: undefined, code: code.toUpperCase() },
      { system, code: undefined },
    ])
    .filter(({ system, code }) => code !== '' && !(code === undefined && system === ''));
}

function checkTokens(resource: Resource): void {
  const entry = indexResource(resource);
  for (const [name, index] of Object.entries(getIndexedType(resource.resourceType).tokens)) {
    if (!('paths' in index)) continue;
    const { column, system } = index;
    const nodes = evaluate(resource.resourceType, name, resource);
    for (const query of tokenQueries(nodes, system)) {
      const expected = nodes.some((node) => matches(node, query, system));
      const actual = entry[column].includes(valueToken(name, query));
      expect({ name, asked: query, found: actual }).toEqual({ name, asked: query, found: expected });
    }
  }
}

/**
 * Returns start and end of a partial date. The test computes them with JavaScript's Date, independently of the tested
 * code.
 */
function naiveSpan(date: string): [number, number] {
  const whole = date.includes('T')
    ? date
    : `${date}${'-01-01'.slice(date.length === 4 ? 0 : 3).slice(0, 10 - date.length)}`;
  const low = new Date(whole);
  const high = new Date(low);
  if (date.length === 4) high.setUTCFullYear(high.getUTCFullYear() + 1);
  else if (date.length === 7) high.setUTCMonth(high.getUTCMonth() + 1);
  else if (date.length === 10) high.setUTCDate(high.getUTCDate() + 1);
  else high.setTime(high.getTime() + (date.includes('.') ? 1 : 1000));
  return [low.getTime(), high.getTime()];
}

function naiveSpans(node: unknown): [number, number][] {
  if (typeof node === 'string') return [naiveSpan(node)];
  const { start, end, event = [] } = node as PlainElement;
  if (start === undefined && end === undefined) return event.map(naiveSpan);
  return [[start === undefined ? -Infinity : naiveSpan(start)[0], end === undefined ? Infinity : naiveSpan(end)[1]]];
}

const millis = (text: string | null | undefined): number | null => {
  if (text === '-infinity') return -Infinity;
  if (text === 'infinity') return Infinity;
  return text ? Date.parse(text) : null;
};

function checkDates(resource: Resource): void {
  const { dates } = indexResource(resource);
  Object.keys(getIndexedType(resource.resourceType).dates).forEach((name, slot) => {
    // The fhirpath library wraps some dates in its own objects. Their string form is the original date.
    const nodes = evaluate(resource.resourceType, name, resource).map((node) =>
      isFhirpathTime(node) ? String(node) : node,
    );
    const spans = nodes.flatMap(naiveSpans);
    const expected =
      spans.length === 0
        ? [null, null]
        : [Math.min(...spans.map(([low]) => low)), Math.max(...spans.map(([, high]) => high))];
    expect({ type: resource.resourceType, name, span: [millis(dates[2 * slot]), millis(dates[2 * slot + 1])] }).toEqual(
      { type: resource.resourceType, name, span: expected },
    );
  });
}

const isFhirpathTime = (node: unknown): boolean => typeof node === 'object' && node !== null && 'asStr' in node;

function checkReferences(resource: Resource): void {
  for (const name of Object.keys(getIndexedType(resource.resourceType).references)) {
    for (const node of evaluate(resource.resourceType, name, resource) as readonly PlainElement[]) {
      // Before indexing, an import replaces the urn:uuid references of a Bundle by `Type/id`. The test does the same.
      const [type, id] = node.reference?.split('/') ?? [];
      if (type === undefined || id === undefined) continue;
      const { codes } = indexResource(resource);
      expect(codes).toContain(referenceToken(name, { type, id }));
      expect(codes).toContain(referenceToken(name, { type: undefined, id }));
      expect(codes).not.toContain(referenceToken(name, { type: 'Account', id }));
    }
  }
}

function checkIndex(resource: Resource): void {
  checkTokens(resource);
  checkDates(resource);
  checkReferences(resource);
}

describe('the search index against FHIRPath, the language of R4 search parameters', () => {
  it('has an expression for every index', () => {
    const without = Object.entries(RESOURCE_INDEX).flatMap(
      ([type, { tokens, references, dates, strings, quantities }]) => {
        const ofOneElement = Object.entries(tokens).filter(([, index]) => 'paths' in index);
        const names = [Object.fromEntries(ofOneElement), references, dates, strings, quantities].flatMap(Object.keys);
        return names.filter((name) => expressionOf(type, name) === undefined).map((name) => `${type} ${name}`);
      },
    );
    expect(without).toEqual([]);
  });

  it.each(CLINICAL_TYPES)('agrees with FHIRPath on generated %s', (type) => {
    fc.assert(fc.property(arbitraryResource(type, '1'), checkIndex), { seed: 20_261_102, numRuns: propertyRuns(150) });
  });

  it.each(CLINICAL_TYPES)('agrees with FHIRPath on security labels of %s', (type) => {
    const labelled = fc
      .tuple(arbitraryResource(type, '1'), fc.array(coding, { maxLength: 3 }))
      .map(([resource, security]) => ({ ...resource, meta: { security } }));
    fc.assert(fc.property(labelled, checkIndex), { seed: 20_261_126, numRuns: propertyRuns(50) });
  });

  it('agrees with FHIRPath on Patient, RelatedPerson, Provenance and Practitioner', () => {
    checkIndex({ ...patient('1', 'Smith'), active: true });
    checkIndex({
      resourceType: 'RelatedPerson',
      id: 'r',
      active: true,
      patient: { reference: 'Patient/1' },
      identifier: [{ system: 'urn:ssn', value: '7' }],
      relationship: [
        { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'MTH' }, { code: 'GUARD' }] },
      ],
    });
    checkIndex({
      resourceType: 'Provenance',
      id: 'p',
      recorded: '2020-01-01T00:00:00.5Z',
      target: [{ reference: 'Observation/1' }, { reference: 'Patient/2' }, { display: 'something' }].slice(0, 2),
    });
    checkIndex({
      resourceType: 'Practitioner',
      id: 'd',
      identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '99A' }, { value: 'x' }],
    });
  });

  it.skipIf(SHARED_DATA === undefined)(withData('agrees with FHIRPath on published patients'), () => {
    const files = [
      ...dataFiles('inferno-reference-data/resources', 'patient_85.json'),
      ...dataFiles('inferno-reference-data/resources', 'patient_355.json'),
      ...dataFiles('inferno-reference-data/resources', 'patient_client_test.json'),
      ...dataFiles('synthea-r4', '.json').slice(0, 3),
    ];
    const resources = files.flatMap((file) => {
      const { entry } = JSON.parse(readFileSync(file, 'utf8')) as { entry: readonly { resource: Resource }[] };
      return entry
        .map(({ resource }) => resource)
        .filter(({ resourceType }) => Object.hasOwn(RESOURCE_INDEX, resourceType));
    });
    expect(resources.length).toBeGreaterThan(1000);
    for (const resource of slice(resources, { kinds: ({ resourceType }) => [resourceType] })) checkIndex(resource);
  });
});

describe('the index of malformed resources', () => {
  it('ignores malformed elements', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(RESOURCE_INDEX)),
        fc.jsonValue(),
        fc.jsonValue(),
        (resourceType, a, b) => {
          const members = [
            'code',
            'category',
            'status',
            'identifier',
            'target',
            'period',
            'effectiveDateTime',
            'effectiveTiming',
            'reaction',
            'component',
            'subject',
            'relatesTo',
            'meta',
            'useContext',
            'performer',
          ];
          const body = Object.fromEntries(members.map((name, index) => [name, index % 2 === 0 ? a : [b]]));
          const entry = indexResource({ ...body, resourceType, id: '1' });
          expect(entry.dates).toHaveLength(2 * Object.keys(getIndexedType(resourceType).dates).length);
        },
      ),
      { seed: 1, numRuns: propertyRuns(500) },
    );
  });
});

describe('a code pair indexed as one token', () => {
  const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem/allergyintolerance';
  const status = (kind: string, code: string) => ({
    coding: [{ code: 'other' }, { system: `${TERMINOLOGY}-${kind}`, code }],
  });

  it.each([
    [
      { clinicalStatus: status('clinical', 'active'), verificationStatus: status('verification', 'confirmed') },
      'active/confirmed',
    ],
    [{ verificationStatus: status('verification', 'entered-in-error') }, '/entered-in-error'],
    [{ clinicalStatus: status('clinical', 'resolved'), verificationStatus: { text: 'sure' } }, 'resolved/'],
    [{}, '/'],
  ])('%j is indexed as %s only', (body, pair) => {
    const { flags } = indexResource({ resourceType: 'AllergyIntolerance', id: '1', ...body });
    const has = (code: string) => flags.includes(valueToken('clinical-and-verification', { system: undefined, code }));
    const all = ['active/confirmed', '/entered-in-error', 'resolved/', '/', 'active/', '/confirmed'];
    expect(all.filter(has)).toEqual([pair]);
  });
});

describe('the main date', () => {
  it.each([
    [{ effectiveDateTime: '2020-05' }, '2020-05-01T00:00:00.000Z'],
    [{ effectivePeriod: { start: '2020', end: '2021' } }, '2020-01-01T00:00:00.000Z'],
    [{ effectivePeriod: { end: '2021' } }, '2022-01-01T00:00:00.000Z'],
    [{ issued: '2020-05-06T07:08:09Z' }, '2020-05-06T07:08:09.000Z'],
    [{ effectiveDateTime: 'unknown', issued: '2020-05-06T07:08:09Z' }, '2020-05-06T07:08:09.000Z'],
    [{}, '-infinity'],
  ])('of %j is %s', (body, expected) => {
    expect(indexResource({ resourceType: 'Observation', id: '1', ...body }).sortAt).toBe(expected);
  });
});
