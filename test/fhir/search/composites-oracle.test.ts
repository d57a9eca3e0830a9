import fc from 'fast-check';
import fhirpath from 'fhirpath';
import r4Model from 'fhirpath/fhir-context/r4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import composites from '../../support/generated/composite-expressions.json' with { type: 'json' };

/**
 * Composite parameters as R4 defines them: the expression of the elements in which both parts must match, and the parts
 * relative to these elements.
 */
const PUBLISHED: Readonly<Record<string, { readonly of: readonly string[]; readonly parts: readonly string[] }>> =
  composites.Observation;
const ANN = '00000901-0000-4000-8000-000000000000';

const code = fc.constantFrom('a', 'b', 'c');
const coded = fc
  .array(code, { minLength: 1, maxLength: 2 })
  .map((all) => ({ coding: all.map((one) => ({ system: 'urn:s', code: one })) }));
const value = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((number) => ({ valueQuantity: { value: number, system: 'urn:u', code: 'u' } })),
  coded.map((concept) => ({ valueCodeableConcept: concept })),
  fc.constant({}),
);
const component = fc.tuple(coded, value).map(([own, more]) => ({ code: own, ...more }));
const observation = fc
  .record({
    code: coded,
    value: fc.oneof(
      value,
      fc.constantFrom(
        ...['2020', '2021'].map((day) => ({ valueDateTime: day })),
        ...['x', 'y'].map((text) => ({ valueString: text })),
      ),
    ),
    component: fc.array(component, { maxLength: 3 }),
  })
  .map(({ value: own, component: parts, ...rest }) => ({
    ...rest,
    ...own,
    ...(parts.length === 0 ? {} : { component: parts }),
  }));

let server: FhirServer;
let token: string;
let resources: readonly Resource[];
beforeAll(async () => {
  server = await startFhir();
  resources = fc.sample(observation, { seed: 20_261_126, numRuns: 120 }).map((more, at) => ({
    resourceType: 'Observation',
    id: `${String(at).padStart(8, '0')}-0000-4000-8000-000000000000`,
    status: 'final',
    subject: { reference: `Patient/${ANN}` },
    ...more,
  }));
  const { refused } = await server.load([{ resourceType: 'Patient', id: ANN }, ...resources]);
  expect(refused).toEqual([]);
  token = await server.token(ANN);
});
afterAll(() => server.close());

interface Node {
  readonly coding?: readonly { readonly code: string }[];
  readonly value?: number;
}
/** Compares a value with a searched one, for the kinds of values in this test only. */
const isMatch = (node: unknown, values: string): boolean => {
  const { coding, value: number } = node as Node;
  if (coding !== undefined) return coding.some((one) => one.code === values);
  return String(number ?? node) === values;
};

type Expression = string | { readonly base: string; readonly expression: string };

const compiled = new Map<string, (node: unknown) => readonly unknown[]>();
function evaluate(node: unknown, expression: Expression): readonly unknown[] {
  const key = JSON.stringify(expression);
  const found = compiled.get(key) ?? (fhirpath.compile(expression, r4Model) as (node: unknown) => unknown[]);
  compiled.set(key, found);
  return found(node);
}

function holds(resource: Resource, name: string, values: readonly string[]): boolean {
  const { of = [], parts = [] } = PUBLISHED[name] ?? {};
  return of.some((where) =>
    evaluate(structuredClone(resource), where).some((element) =>
      parts.every((part, at) =>
        evaluate(element, { base: where, expression: part }).some((node) => isMatch(node, values[at] ?? '')),
      ),
    ),
  );
}

const wanted = new Map<string, readonly (string | undefined)[]>();
/** Ids of the resources that a query should find. */
function idsOf(name: string, values: readonly string[]): readonly (string | undefined)[] {
  const key = [name, ...values].join(' ');
  const ids = wanted.get(key) ?? resources.filter((one) => holds(one, name, values)).map(({ id }) => id);
  wanted.set(key, ids);
  return ids;
}

const VALUES: Readonly<Record<string, readonly string[]>> = {
  concept: ['a', 'b', 'c'],
  quantity: ['1', '2', '3', '4'],
  date: ['2020', '2021'],
  string: ['x', 'y'],
};
const questions = Object.keys(PUBLISHED).flatMap((name) =>
  ['a', 'b', 'c'].flatMap((first) =>
    (VALUES[name.split('-').at(-1) ?? ''] ?? []).map((second) => [name, first, second] as const),
  ),
);

describe('composite parameters against R4’s own expressions', () => {
  it('are tried in every kind', () => {
    expect(new Set(questions.map(([name]) => name)).size).toBe(8);
  });

  it.each(questions)('Observation?%s=%s$%s', async (name, ...values) => {
    const answer = await server.get(token, `/Observation?${name}=${values.join('%24')}&_count=1000`, {
      prefer: 'handling=strict',
    });
    const found = (answer.json().entry ?? []).map(({ resource }: { resource: Resource }) => resource.id).sort();
    expect(found).toEqual(idsOf(name, values));
  });

  it('find something with most questions, and everything with none', () => {
    const counts = questions.map(([name, ...values]) => idsOf(name, values).length);
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(questions.length / 2);
    expect(Math.max(...counts)).toBeLessThan(resources.length);
  });
});
