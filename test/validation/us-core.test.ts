import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildR4Guide, createR4Validator, type ValidationIssue } from '../../src/validation/index.ts';
import { SHARED_DATA } from '../support/fhir/shared-data.ts';
import { slice } from '../support/runs/slice.ts';
import { readPackage } from '../us-core/read-package.ts';
import { type Definition, type Mutant, makeMutants } from './mutate.ts';

type Json = Record<string, unknown> & { readonly resourceType: string };

/** Reads the definitions and examples of one version of US Core. */
function packageOf(version: string) {
  const all = [...readPackage(path.join(SHARED_DATA ?? '', `us-core-igs/us_core_${version}.tgz`))].filter(
    // Leaves out the publisher's own validation results.
    ([name]) => !name.startsWith('validation-'),
  );
  return {
    all,
    resources: all.map(([, json]) => json as Json).filter(({ resourceType }) => resourceType !== undefined),
  };
}

const CONFORMANCE = [
  'StructureDefinition',
  'ValueSet',
  'CodeSystem',
  'SearchParameter',
  'CapabilityStatement',
  'ImplementationGuide',
  'OperationDefinition',
  'ConceptMap',
  'NamingSystem',
];

describe.skipIf(SHARED_DATA === undefined)('the published examples of US Core (shared data absent: skipped)', () => {
  it.each(['610', '700', '800'])('of %s: each conforms to its profiles', (version) => {
    const { resources } = packageOf(version);
    const validator = createR4Validator([buildR4Guide(resources)]);
    const examples = resources.filter(({ resourceType }) => !CONFORMANCE.includes(resourceType));
    expect(examples.length).toBeGreaterThan(150);
    const profilesOf = ({ meta }: Json) => (meta as { profile?: readonly string[] } | undefined)?.profile ?? [];
    const faults = slice(examples, { kinds: (one) => [one.resourceType, ...profilesOf(one)] }).flatMap((example) =>
      validator
        .validate(example)
        .filter(({ severity }) => severity === 'error')
        .map((issue) => ({ example: example['id'], ...issue })),
    );
    expect(faults).toEqual([]);
  });
});

/** Kinds of errors that must occur among the mutants. Otherwise the test would prove nothing. */
const KINDS = [
  'missing',
  'no code of its set',
  'slice missing',
  'slice twice',
  'part missing',
  'another than the fixed',
  'extension without url',
  'extension of nothing',
  'extension with value and extensions',
  'extension of another type',
  'null beside it',
  'nothing in what is beside it',
  'an object beside an array',
  'empty text',
  'a control character',
  'more than 1 MB',
  'the year 0000',
  'against vs-1',
  'against us-core-1',
];

describe.skipIf(SHARED_DATA === undefined)('one error at a time (shared data absent: skipped)', () => {
  it.each([
    ['610', KINDS],
    ['700', [...KINDS, 'against us-core-3']],
    ['800', [...KINDS, 'against us-core-3']],
  ])(
    'in examples of US Core %s: each is found, at its position and as its kind',
    { timeout: 120_000 },
    (version, kinds) => {
      const { resources } = packageOf(version);
      const validator = createR4Validator([buildR4Guide(resources)]);
      const examples = resources.filter(({ resourceType }) => !CONFORMANCE.includes(resourceType));
      const mutants = definitionsIn(resources).flatMap((definition) => {
        const example = examples.find((one) => claimsOf(one).includes(definition.url));
        if (example === undefined) return [];
        const profile = definition.url.split('/').at(-1) ?? '';
        return [...makeMutants(example, definition)].map((mutant) => ({ profile, kind: kindOf(mutant), mutant }));
      });
      expect(mutants.length).toBeGreaterThan(3_000);
      const tried = slice(mutants, { kinds: ({ profile, kind }) => [profile, kind] });
      const missed = tried.flatMap(({ profile, mutant: { name, resource, code, path: place, key } }) => {
        const issues = validator.validate(resource).filter(({ severity }) => severity === 'error');
        const isIt = (issue: ValidationIssue) =>
          issue.code === code && issue.path.startsWith(place) && (key === undefined || issue.key === key);
        const told = issues.map((issue) => `${issue.path} ${issue.code}`).join(', ');
        return issues.some(isIt) ? [] : [`${profile} ${name}: ${told || 'nothing'}`];
      });
      expect(missed).toEqual([]);
      const found = new Set(tried.map(({ kind }) => kind));
      expect(kinds.filter((kind) => !found.has(kind))).toEqual([]);
    },
  );
});

const kindOf = ({ name }: Mutant): string => name.split(': ').at(-1) ?? '';

/** Returns declared profiles without their versions, which US Core adds from 7 on. */
const claimsOf = ({ meta }: Json): readonly (string | undefined)[] =>
  ((meta as { profile?: readonly string[] } | undefined)?.profile ?? []).map((url) => url.split('|', 1)[0]);

const definitionsIn = (resources: readonly Json[]): readonly Definition[] =>
  resources
    .filter(({ resourceType }) => resourceType === 'StructureDefinition')
    .map((one) => one as unknown as Definition);
