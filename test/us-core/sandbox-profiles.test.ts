import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { generateSandbox, SANDBOX_SEED } from '../../src/sandbox/generate/index.ts';
import { SHARED_DATA } from '../support/shared-data.ts';
import { type Bindings, checkBindings, expandValueSets } from './check-bindings.ts';
import { checkProfile, type Definitions, type StructureDefinition } from './check-profile.ts';
import { readPackage } from './read-package.ts';

const sandbox = generateSandbox({ seed: SANDBOX_SEED });
const everything = [...sandbox.directory, ...sandbox.people.flatMap((person) => person.resources)];
const profilesOf = (resource: Resource) => (resource['meta'] as { profile: readonly string[] }).profile;

const usCore = () => readPackage(path.join(SHARED_DATA ?? '', 'us-core-igs/us_core_610.tgz'));
const entriesOf = (name: string) =>
  JSON.parse(readFileSync(path.join(SHARED_DATA ?? '', 'r4-definitions', name), 'utf8')).entry as {
    resource: unknown;
  }[];

const loadBindings = (): Bindings =>
  expandValueSets([
    ...entriesOf('valuesets.json').map((each) => each.resource),
    ...[...usCore()].map(([, json]) => json),
  ]);

function loadDefinitions(): Definitions {
  const definitions = new Map<string, StructureDefinition>();
  for (const { resource } of entriesOf('profiles-types.json') as {
    resource: StructureDefinition & { name: string };
  }[]) {
    if (resource.resourceType === 'StructureDefinition') definitions.set(resource.name, resource);
  }
  for (const [name, json] of usCore()) {
    if (!name.startsWith('StructureDefinition-')) continue;
    const definition = json as StructureDefinition;
    definitions.set(definition.url, definition);
  }
  return definitions;
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
    let definitions: Definitions;
    let bindings: Bindings;
    beforeAll(() => {
      definitions = loadDefinitions();
      bindings = loadBindings();
    });

    const faultsOf = (resource: Resource): string[] =>
      profilesOf(resource).flatMap((url) => {
        const profile = definitions.get(url);
        return profile === undefined
          ? [`unknown profile ${url}`]
          : [...checkProfile(resource, profile, definitions), ...checkBindings(resource, profile, bindings)];
      });

    it('the checker sees what is wrong', () => {
      const observation = everything.find((each) =>
        profilesOf(each)[0]?.endsWith('us-core-blood-pressure'),
      ) as Resource;
      const [first] = observation['component'] as object[];
      expect(faultsOf(observation)).toEqual([]);
      expect(faultsOf({ ...observation, colour: 'red' })).toEqual(['Observation has no element colour']);
      expect(faultsOf({ ...observation, component: [first] })).toEqual([
        'Observation.component: 1 of at least 2',
        'Observation.component:diastolic: 0 of at least 1',
      ]);
      expect(faultsOf({ ...observation, category: [] })).toContain('Observation.category:VSCat: 0 of at least 1');
      expect(faultsOf({ ...observation, effectiveDateTime: 'yesterday' })).toEqual([
        expect.stringContaining('"yesterday" is no dateTime'),
      ]);
      expect(faultsOf({ ...observation, code: { text: 'pressure' } })).toEqual([
        expect.stringContaining('Observation.code is not'),
      ]);
      expect(faultsOf({ ...observation, status: 'done' })).toEqual([
        expect.stringContaining('Observation.status: done is not in'),
      ]);
      expect(faultsOf({ ...observation, subject: { refrence: 'x' } })).toEqual([
        'Observation.subject: Reference has no element refrence',
      ]);
    });

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
