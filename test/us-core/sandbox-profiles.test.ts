import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { generateSandbox, SANDBOX_SEED } from '../../src/sandbox/generate/index.ts';
import { r4Guide, r4Validator, type Validator } from '../../src/validation/index.ts';
import { SHARED_DATA } from '../support/shared-data.ts';
import { readPackage } from './read-package.ts';

const sandbox = generateSandbox({ seed: SANDBOX_SEED });
const everything = [...sandbox.directory, ...sandbox.people.flatMap((person) => person.resources)];
const profilesOf = (resource: Resource) => (resource['meta'] as { profile: readonly string[] }).profile;

function validatorOfUsCore(): Validator {
  const guide = [...readPackage(path.join(SHARED_DATA ?? '', 'us-core-igs/us_core_610.tgz'))];
  return r4Validator([r4Guide(guide.map(([, json]) => json as { resourceType: string }))]);
}

describe('claims of US Core 6.1.0', () => {
  it('every resource claims a profile', () => {
    expect(
      everything.filter(
        (resource) => !profilesOf(resource)[0]?.startsWith('http://hl7.org/fhir/us/core/StructureDefinition/'),
      ),
    ).toEqual([]);
  });
});

describe.skipIf(SHARED_DATA === undefined)(
  'the sandbox against the StructureDefinitions of US Core 6.1.0 and R4 (shared data absent: skipped)',
  () => {
    let validator: Validator;
    beforeAll(() => {
      validator = validatorOfUsCore();
    });

    const faultsOf = (resource: Resource): string[] =>
      validator
        .validate(resource)
        .filter(({ severity, code }) => severity === 'error' || code === 'not-found')
        .map(({ path: place, text }) => `${place}: ${text}`);

    it.each(['directory', ...sandbox.people.map((person) => person.key)])('%s is as they say', (key) => {
      const resources = sandbox.people.find((person) => person.key === key)?.resources ?? sandbox.directory;
      const faults = new Set(
        resources.flatMap((resource) =>
          faultsOf(resource).map((fault) => `${profilesOf(resource)[0]?.split('/').at(-1)}: ${fault}`),
        ),
      );
      expect([...faults]).toEqual([]);
    });
  },
);
