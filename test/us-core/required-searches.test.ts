import path from 'node:path';
import fhirpath from 'fhirpath';
import r4Model from 'fhirpath/fhir-context/r4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Resource, r4 } from '../../src/fhir/index.ts';
import { fileInput, importFiles } from '../../src/intake/index.ts';
import { type PracticeId, systemRandom } from '../../src/kernel/index.ts';
import { type FhirServer, startFhir } from '../support/fhir/fhir-server.ts';
import { dataFiles, withData } from '../support/fhir/published-data.ts';
import { SHARED_DATA } from '../support/fhir/shared-data.ts';
import expressions from '../support/generated/search-expressions.json' with { type: 'json' };
import { DEEP } from '../support/runs/slice.ts';
import { readPackage } from './read-package.ts';

const EXPECTATION = 'http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation';
const COMBINATION = 'http://hl7.org/fhir/StructureDefinition/capabilitystatement-search-parameter-combination';

interface Extension {
  readonly url: string;
  readonly valueCode?: string;
  readonly valueString?: string;
  readonly extension?: readonly Extension[];
}
interface Stated {
  readonly type: string;
  readonly extension?: readonly Extension[];
  readonly searchParam?: readonly { readonly name: string; readonly extension?: readonly Extension[] }[];
  readonly searchRevInclude?: readonly string[];
}

const PUBLISHED: Readonly<Record<string, Readonly<Record<string, string>>>> = expressions;
const FILES =
  SHARED_DATA === undefined ? [] : dataFiles('us-core-igs', '.tgz').filter((file) => /_(610|700|800)\./.test(file));
const BUNDLES = dataFiles('inferno-reference-data/resources', '.json').filter((file) =>
  /patient_(85|355)\./.test(file),
);

/** Searches that a version of US Core requires for each type, as lists of combined parameters. */
function searchesOf(file: string): readonly (readonly [type: string, names: readonly string[]])[] {
  for (const [name, json] of readPackage(file)) {
    if (name !== 'CapabilityStatement-us-core-server.json') continue;
    const { rest } = json as { rest: readonly { resource: readonly Stated[] }[] };
    return (rest[0]?.resource ?? []).flatMap((stated) => searchesOn(stated));
  }
  throw new Error(`${file} has no statement of a server`);
}

const isExpected = (extensions: readonly Extension[] = []): boolean =>
  extensions.some(({ url, valueCode }) => url === EXPECTATION && (valueCode === 'SHALL' || valueCode === 'SHOULD'));

function searchesOn({ type, searchParam = [], extension = [] }: Stated) {
  const single = searchParam.filter((one) => isExpected(one.extension)).map(({ name }) => [name]);
  const together = extension
    .filter(({ url, extension: parts }) => url === COMBINATION && isExpected(parts))
    .map(({ extension: parts = [] }) =>
      parts.flatMap(({ url, valueString }) => (url === 'required' && valueString !== undefined ? [valueString] : [])),
    );
  return [...single, ...together].map((names) => [type, names] as const);
}

/** Number of resources of a type whose values are searched for. */
const EACH = DEEP ? 8 : 2;

let server: FhirServer;
/** Resources as the API returns them, with the server's ids and references. */
const resources: { readonly token: string; readonly resource: Resource }[] = [];

beforeAll(async () => {
  server = await startFhir();
  const { db, clock } = server;
  const into = { practiceId: 1 as PracticeId, source: 'published', projections: [], clock, random: systemRandom };
  const { refused } = await importFiles(db, into, BUNDLES.map(fileInput));
  expect(refused).toEqual([]);
  const people = await server.db.queryText<{ patient_id: string }>('select patient_id from record', []);
  for (const { patient_id } of people) {
    const token = await server.token(patient_id);
    for (const { name } of r4.types) {
      const answer = await server.get(token, `/${name}?_count=1000`);
      for (const { resource } of answer.json().entry ?? []) resources.push({ token, resource });
    }
  }
}, 120_000);
afterAll(() => server.close());

interface Plain {
  readonly [name: string]: unknown;
}

const compiled = new Map<string, (node: unknown) => unknown[]>();
/** Returns a search value that finds a resource by a parameter, or undefined if the resource has none. */
function searchValue({ resourceType, id, ...rest }: Resource, name: string): string | undefined {
  if (name === '_id') return id;
  if (name === '_lastUpdated') return 'ge2000-01-01';
  const expression = PUBLISHED[resourceType]?.[name];
  if (expression === undefined) return undefined;
  const evaluate = compiled.get(expression) ?? (fhirpath.compile(expression, r4Model) as (node: unknown) => unknown[]);
  compiled.set(expression, evaluate);
  const found = evaluate({ resourceType, id, ...rest });
  return found.map(textOf).find((text) => text !== undefined);
}

function textOf(node: unknown): string | undefined {
  if (typeof node === 'string' || typeof node === 'boolean') return String(node).replaceAll(/[\\,|$]/g, '\\$&');
  if (typeof node !== 'object' || node === null) return undefined;
  if ('asStr' in node) return String(node);
  const { coding, code, value, system, reference, start, family, text, city } = node as Plain;
  if (Array.isArray(coding)) return coding.map(textOf).find((one) => one !== undefined);
  const own = code ?? value;
  if (typeof own === 'string') return typeof system === 'string' ? `${system}|${own}` : own;
  if (typeof start === 'string') return `ge${start}`;
  const plain = [reference, family, text, city].find((one) => typeof one === 'string');
  return plain as string | undefined;
}

describe.skipIf(SHARED_DATA === undefined)(
  withData('each search that US Core requires finds values of published patients'),
  () => {
    it('and includes the Medications of requests and dispenses', async () => {
      const told = resources.filter(({ resource }) => /^Medication(Request|Dispense)$/.test(resource.resourceType));
      const references = told.flatMap(({ token, resource }) => {
        const { reference } = (resource['medicationReference'] ?? {}) as { reference?: string };
        return reference === undefined ? [] : [{ token, reference }];
      });
      expect(new Set(references.map(({ reference }) => reference)).size).toBeGreaterThan(0);
      for (const { token, reference } of references)
        expect((await server.get(token, `/${reference}`)).statusCode, reference).toBe(200);
    });

    it.each(FILES.map((file) => [path.basename(file), file]))(
      '%s',
      async (_, file) => {
        const asked = new Map<string, number>();
        const lost: string[] = [];
        for (const [type, names] of searchesOf(file)) {
          const having = resources.filter(({ resource }) => resource.resourceType === type);
          let left = EACH;
          for (const { token, resource } of having.slice(0, 8)) {
            if (left === 0) break;
            const values = names.map((name) => [name, searchValue(resource, name)] as const);
            if (values.some(([, value]) => value === undefined)) continue;
            left -= 1;
            const query = new URLSearchParams(values.map(([name, value]): [string, string] => [name, value ?? '']));
            query.set('_count', '1000');
            const answer = await server.get(token, `/${type}?${query}`, { prefer: 'handling=strict' });
            const ids = (answer.statusCode === 200 ? (answer.json().entry ?? []) : []).map(
              (entry: { resource: Resource }) => entry.resource.id,
            );
            if (!ids.includes(resource.id)) lost.push(`${type}?${query} ${answer.statusCode}`);
            asked.set(`${type} ${names}`, (asked.get(`${type} ${names}`) ?? 0) + 1);
          }
        }
        expect(lost).toEqual([]);
        expect(asked.size).toBeGreaterThan(60);
      },
      120_000,
    );
  },
);
