import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { r4Guide, r4Validator, type Validator } from '../../src/validation/index.ts';
import { SHARED_DATA } from '../support/shared-data.ts';
import { readPackage } from '../us-core/read-package.ts';
import { type Definition, mutantsOf } from './mutate.ts';

type Json = Record<string, unknown> & { readonly resourceType: string };

/** Definitions and examples of one version of US Core. */
function packageOf(version: string) {
  const all = [...readPackage(path.join(SHARED_DATA ?? '', `us-core-igs/us_core_${version}.tgz`))].filter(
    // What the publisher's own checks said.
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
  it.each(['610', '700', '800'])('of %s: each is as its profiles say', (version) => {
    const { resources } = packageOf(version);
    const validator = r4Validator([r4Guide(resources)]);
    const examples = resources.filter(({ resourceType }) => !CONFORMANCE.includes(resourceType));
    expect(examples.length).toBeGreaterThan(150);
    const faults = examples.flatMap((example) =>
      validator
        .validate(example)
        .filter(({ severity }) => severity === 'error')
        .map((issue) => ({ example: example['id'], ...issue })),
    );
    expect(faults).toEqual([]);
  });
});

describe.skipIf(SHARED_DATA === undefined)(
  'one fault at a time in examples of US Core 6.1.0 (shared data absent: skipped)',
  () => {
    let validator: Validator;
    let definitions: ReadonlyMap<string, Definition>;
    let examples: readonly Json[];
    beforeAll(() => {
      const { resources } = packageOf('610');
      validator = r4Validator([r4Guide(resources)]);
      definitions = new Map(
        resources
          .filter(({ resourceType }) => resourceType === 'StructureDefinition')
          .map((one) => [String(one['url']), one as unknown as Definition]),
      );
      examples = resources.filter(({ resourceType }) => !CONFORMANCE.includes(resourceType));
    });

    it('each is found, where it is and as what it is', () => {
      const missed: string[] = [];
      let count = 0;
      for (const [url, definition] of definitions) {
        const example = examples.find(({ meta }) => (meta as { profile?: readonly string[] })?.profile?.includes(url));
        if (example === undefined) continue;
        for (const { name, resource, code, path: place } of mutantsOf(example, definition)) {
          count += 1;
          const issues = validator.validate(resource).filter(({ severity }) => severity === 'error');
          if (!issues.some((issue) => issue.code === code && issue.path.startsWith(place)))
            missed.push(
              `${url.split('/').pop()} ${name}: ${issues.map((issue) => `${issue.path} ${issue.code}`).join(', ') || 'nothing'}`,
            );
        }
      }
      expect(missed).toEqual([]);
      expect(count).toBeGreaterThan(200);
    });
  },
);
