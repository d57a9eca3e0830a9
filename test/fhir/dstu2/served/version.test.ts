import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dstu2 } from '../../../../src/fhir/dstu2/index.ts';
import { negotiateFormat } from '../../../../src/fhir/http/media-type.ts';
import { operationOutcome } from '../../../../src/fhir/http/operation-outcome.ts';
import type { SearchsetBundle } from '../../../../src/fhir/model/fhir-version.ts';
import { Problem, type ProblemCode } from '../../../../src/kernel/index.ts';
import { SHARED_DATA } from '../../../support/fhir/shared-data.ts';
import { structureErrors } from '../definitions/check-structure.ts';
import { readStructures, readValueSets } from '../definitions/definitions.ts';
import type { Node } from '../fixtures/convert.ts';

const isThere = SHARED_DATA !== undefined;
const [structures, expand] = isThere ? [readStructures(), readValueSets()] : [new Map(), () => undefined];
/** Returns the structural problems of a resource. Without the published definitions it finds none. */
const structureProblems = (resource: Node) => (isThere ? structureErrors(resource, structures, expand) : []);

const BASE = 'https://example.org/nge/prod/fhir-api/fhir/dstu2';
const endpoints = {
  base: BASE,
  authorize: 'https://example.org/authorize',
  token: 'https://example.org/token',
  revoke: 'https://example.org/revoke',
};

const mediaType = (accept: string | undefined, format: string | undefined) =>
  negotiateFormat(dstu2.mediaTypes, accept, format).mediaType;

describe('the media type of DSTU2', () => {
  it.each([
    [undefined, undefined, 'application/json+fhir'],
    ['*/*', undefined, 'application/json+fhir'],
    ['application/json', undefined, 'application/json'],
    ['Application/JSON; charset=utf-8', undefined, 'application/json'],
    ['application/json+fhir', undefined, 'application/json+fhir'],
    ['application/fhir+json', undefined, 'application/json+fhir'],
    ['application/xml+fhir', undefined, 'application/xml+fhir'],
    ['application/fhir+xml', undefined, 'application/xml+fhir'],
    ['application/xml', undefined, 'application/xml'],
    ['text/xml', undefined, 'text/xml'],
    ['application/json, text/plain, */*', undefined, 'application/json'],
    ['application/json;q=0.5, application/json+fhir', undefined, 'application/json+fhir'],
    ['text/html;q=0.4, application/json;q=0.9', undefined, 'application/json'],
    ['application/json', 'json', 'application/json+fhir'],
    ['application/json', 'application/json+fhir', 'application/json+fhir'],
    [undefined, 'application/json fhir', 'application/json+fhir'],
    [undefined, 'application/json', 'application/json'],
    ['application/json', 'xml', 'application/xml+fhir'],
    ['application/json', 'text/xml', 'text/xml'],
    ['application/xml', 'html', 'application/json+fhir'],
  ])('for Accept %s and _format %s is %s', (accept, format, expected) => {
    expect(mediaType(accept, format)).toBe(`${expected}; charset=utf-8`);
  });

  it('is one of these for any request', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (accept, format) => {
        expect(mediaType(accept, format)).toMatch(/^(application\/(json|xml)(\+fhir)?|text\/xml); charset=utf-8$/);
      }),
      { seed: 1 },
    );
  });
});

describe('a Bundle of DSTU2', () => {
  const bundle = (changes: Partial<SearchsetBundle>) =>
    JSON.parse(dstu2.bundle({ base: BASE, self: `${BASE}/Patient?a="b"`, total: 0, entries: [], ...changes })) as Node;
  const entry = {
    type: 'MedicationOrder',
    id: '1',
    content: '{"resourceType":"MedicationOrder","id":"1","medicationCodeableConcept":{"text":"Aspirin"}}',
    mode: 'match',
  } as const;

  it('has links, total and entries', () => {
    const made = bundle({ id: 'p', total: 3, entries: [entry], next: `${BASE}/MedicationOrder?_cursor=x` });
    expect(made).toEqual({
      resourceType: 'Bundle',
      id: 'p',
      type: 'searchset',
      total: 3,
      link: [
        { relation: 'self', url: `${BASE}/Patient?a="b"` },
        { relation: 'next', url: `${BASE}/MedicationOrder?_cursor=x` },
      ],
      entry: [{ fullUrl: `${BASE}/MedicationOrder/1`, resource: JSON.parse(entry.content), search: { mode: 'match' } }],
    });
    expect(structureProblems(made)).toEqual([]);
  });

  it('has no entry if nothing is found', () => {
    expect(bundle({})).toEqual({
      resourceType: 'Bundle',
      type: 'searchset',
      total: 0,
      link: [{ relation: 'self', url: `${BASE}/Patient?a="b"` }],
    });
  });

  it('passes numbers on as written', () => {
    const content = '{"resourceType":"Observation","valueQuantity":{"value":1.50}}';
    expect(dstu2.bundle({ base: BASE, self: BASE, total: 1, entries: [{ ...entry, content }] })).toContain(content);
  });
});

describe('an OperationOutcome of DSTU2', () => {
  const CODES: Readonly<Record<string, string>> = {
    'login-required': 'login',
    invalid_token: 'login',
    'scope-denied': 'forbidden',
    'api-not-added': 'forbidden',
    'practice-disabled': 'suppressed',
    'patient-mismatch': 'forbidden',
    'type-not-supported': 'not-supported',
    'not-found': 'not-found',
    'search-invalid': 'invalid',
    'too-many-attempts': 'throttled',
    throttled: 'throttled',
    unavailable: 'transient',
    internal: 'exception',
    'form-expired': 'processing',
  };
  it.each(Object.entries(CODES))('for %s has the issue %s, the message and the request id', (code, issue) => {
    const problem = new Problem(code as ProblemCode, {
      status: code === 'internal' ? 500 : 400,
      message: 'What to do.',
      detail: 'secret',
    });
    const outcome = JSON.parse(operationOutcome(problem, 'r-1')) as Node;
    expect(outcome).toEqual({
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: code === 'internal' ? 'fatal' : 'error',
          code: issue,
          details: { coding: [{ system: 'urn:patient-access:problem', code }], text: 'What to do.' },
          diagnostics: 'Request id: r-1',
        },
      ],
    });
    expect(structureProblems(outcome)).toEqual([]);
  });
});

describe('the Conformance of DSTU2', () => {
  const statement = dstu2.conformance(endpoints) as Node;

  it('is a Conformance as DSTU2 defines it', () => {
    expect(structureProblems(statement)).toEqual([]);
    expect(statement).toMatchObject({
      fhirVersion: '1.0.2',
      acceptUnknown: 'no',
      kind: 'instance',
      implementation: { url: BASE },
    });
    expect(statement['format']).toEqual(expect.arrayContaining(['json', 'xml', 'application/xml+fhir']));
  });

  it('shows how long the API will be available, if that is known', () => {
    const retirement = { deprecated: new Date('2027-02-01'), sunset: undefined, about: 'https://example.org/docs' };
    const leaving = dstu2.conformance(endpoints, retirement) as Node;
    expect(structureProblems(leaving)).toEqual([]);
    expect(leaving['description']).toContain('2027-02-01');
  });

  it('names the authorization server (SMART oauth-uris)', () => {
    const [{ security }] = statement['rest'] as [{ security: { extension: Node[]; service: Node[] } }];
    const [uris] = security.extension as [{ url: string; extension: { url: string; valueUri: string }[] }];
    expect(uris.url).toBe('http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris');
    expect(Object.fromEntries(uris.extension.map(({ url, valueUri }) => [url, valueUri]))).toEqual({
      authorize: endpoints.authorize,
      token: endpoints.token,
      revoke: endpoints.revoke,
    });
    expect(security.service).toEqual([
      { coding: [{ system: 'http://hl7.org/fhir/restful-security-service', code: 'SMART-on-FHIR' }] },
    ]);
  });

  it('declares what the server supports, and nothing else', () => {
    const [{ resource }] = statement['rest'] as [
      { resource: { type: string; searchParam: { name: string }[]; interaction: Node[] }[] },
    ];
    const [documents, ...others] = resource.toReversed();
    expect(documents).toEqual({ type: 'Binary', interaction: [{ code: 'read' }] });
    const types = others.toReversed();
    expect(types.map(({ type }) => type)).toEqual(dstu2.types.map(({ name }) => name));
    for (const { type, searchParam, interaction } of types) {
      const served = dstu2.types.find(({ name }) => name === type);
      const own = served?.parameters.map(({ name }) => name) ?? [];
      // Directory resources have no security labels.
      const labels = served?.compartment === 'record' ? ['_security'] : [];
      expect(searchParam.map(({ name }) => name)).toEqual([...own, ...['_id', '_lastUpdated', '_tag', ...labels]]);
      expect(interaction).toEqual([{ code: 'read' }, { code: 'search-type' }]);
    }
  });
});
