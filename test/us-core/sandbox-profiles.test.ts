import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { generateSandbox, SANDBOX_SEED } from '../../src/sandbox/generate/index.ts';
import { r4Guide, r4Validator, type Validator } from '../../src/validation/index.ts';
import { SHARED_DATA } from '../support/shared-data.ts';
import { readPackage } from './read-package.ts';

const sandbox = generateSandbox({ seed: SANDBOX_SEED });
const everything = [
  ...sandbox.directory,
  ...sandbox.people.flatMap((person) => person.resources),
  ...sandbox.secondDirectory,
  ...sandbox.people.flatMap(({ second = [] }) => second),
];
const profilesOf = (resource: Resource) =>
  (resource['meta'] as { profile: readonly string[] } | undefined)?.profile ?? [];

interface Definition {
  readonly resourceType: string;
  readonly url: string;
  readonly kind: string;
  readonly snapshot: {
    readonly element: readonly {
      readonly id: string;
      readonly mustSupport?: boolean;
      readonly type?: readonly { readonly profile?: readonly string[] }[];
    }[];
  };
}

/** What no entry has, and why. */
const NOT_THERE = [
  // The values are in the components.
  'us-core-blood-pressure Observation.value[x]',
  // Documents get their address when they are loaded.
  'us-core-documentreference DocumentReference.content.attachment.url',
];

const profilesOfUsCore = (): readonly Definition[] =>
  [...readPackage(path.join(SHARED_DATA ?? '', 'us-core-igs/us_core_610.tgz'))]
    .map(([, json]) => json as Definition)
    .filter(({ resourceType, kind }) => resourceType === 'StructureDefinition' && kind === 'resource');

function lackingOf({ url, snapshot }: Definition): readonly string[] {
  const own = everything.filter((resource) => profilesOf(resource).includes(url));
  return snapshot.element
    .filter(({ mustSupport }) => mustSupport === true)
    .filter(({ id, type }) => {
      const [profile] = type?.[0]?.profile ?? [];
      return !own.some(
        (each) =>
          occurs(each, id.split('.').slice(1)) || (profile !== undefined && JSON.stringify(each).includes(profile)),
      );
    })
    .map(({ id }) => `${url.split('/').at(-1)} ${id}`);
}

/** Of slices their element is enough; an extension is found by its URL. */
function occurs(value: unknown, [step, ...rest]: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((one) => occurs(one, step === undefined ? [] : [step, ...rest]));
  if (step === undefined) return value !== undefined;
  if (typeof value !== 'object' || value === null) return false;
  const [name = '', slice] = step.split(':');
  if (name === 'extension' && slice !== undefined) return false;
  const stem = name.replace('[x]', '');
  return Object.entries(value).some(
    ([key, inner]) =>
      (key === name || (name !== stem && key.startsWith(stem) && /^[A-Z]/.test(key.slice(stem.length)))) &&
      occurs(inner, rest),
  );
}

function validatorOfUsCore(): Validator {
  const guide = [...readPackage(path.join(SHARED_DATA ?? '', 'us-core-igs/us_core_610.tgz'))];
  return r4Validator([r4Guide(guide.map(([, json]) => json as { resourceType: string }))]);
}

describe.skipIf(SHARED_DATA === undefined)(
  'the sandbox against the StructureDefinitions of US Core 6.1.0 and R4 (shared data absent: skipped)',
  () => {
    let validator: Validator;
    let definitions: readonly Definition[];
    beforeAll(() => {
      validator = validatorOfUsCore();
      definitions = profilesOfUsCore();
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

    it('every must-support element of each profile occurs', () => {
      const lacking = definitions.flatMap((definition) => lackingOf(definition));
      expect(lacking.toSorted()).toEqual(NOT_THERE);
    });
  },
);
