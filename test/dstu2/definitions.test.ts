import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/fhir/core/json.ts';
import type { Resource } from '../../src/fhir/core/version.ts';
import { SHARED_DATA } from '../support/shared-data.ts';
import { profileFaults } from './check-profile.ts';
import { faultsOf } from './check-structure.ts';
import { convert, hiddenBy, type Node } from './convert.ts';
import { readProfile, readStructures, readValueSets } from './definitions.ts';
import { FULL } from './full-resources.ts';
import { publicResources } from './public-data.ts';

const isThere = SHARED_DATA !== undefined;
const structures = isThere ? readStructures() : new Map();
const expand = isThere ? readValueSets() : () => undefined;
const check = (resource: Node) => faultsOf(resource, structures, expand);
const sources: ReturnType<typeof publicResources> = [
  ['resources with every element', Object.values(FULL).flat()],
  ...(isThere ? publicResources() : []),
];
const claimsOf = (resource: Node) => ((resource['meta'] as Node | undefined)?.['profile'] ?? []) as readonly string[];

describe.skipIf(!isThere)("DSTU2's own definitions (left out when SHARED_DATA is not there)", () => {
  it('find nothing wrong with the examples of DSTU2 and Argonaut: the check itself', () => {
    const folder = path.join(SHARED_DATA ?? '', 'argonaut-dstu2/examples');
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    const faults = files.flatMap((name) => check(parseJson(readFileSync(path.join(folder, name), 'utf8')) as Node));
    expect(faults).toEqual([]);
  });

  it('find what is wrong with R4: the check itself', () => {
    const [[observation], [condition]] = [FULL['Observation'] ?? [], FULL['Condition'] ?? []];
    expect(check(observation as Resource)).toContain('Observation.category: is a list');
    expect(check(condition as Resource)).toContain('Condition.subject: is no element');
    expect(check({ ...convert(condition as Resource), verificationStatus: 'unconfirmed' })).toEqual([
      'Condition.verificationStatus: has the code unconfirmed',
    ]);
  });

  it.each(sources)('find nothing wrong with %s, converted', (_, resources) => {
    const shown = resources.filter((resource) => hiddenBy(resource) === undefined);
    expect(shown.length).toBeGreaterThan(0);
    const faults = shown.flatMap((resource) => check(convert(resource)).map((fault) => `${resource.id} ${fault}`));
    expect(faults).toEqual([]);
  });
});

describe.skipIf(!isThere)('Argonaut Data Query 1.0.0 (left out when SHARED_DATA is not there)', () => {
  it.each(sources)('%s hold what the profiles they claim demand', (_, resources) => {
    const shown = resources.filter((resource) => hiddenBy(resource) === undefined).map(convert);
    const faults = shown.flatMap((resource) =>
      claimsOf(resource).flatMap((url) => profileFaults(resource, readProfile(url))),
    );
    expect(faults).toEqual([]);
  });

  it('is claimed by what claims its counterpart in US Core', () => {
    const shown = sources.flatMap(([, resources]) => resources).filter((resource) => hiddenBy(resource) === undefined);
    const lacking = shown.flatMap((resource) => {
      const claims = claimsOf(convert(resource)).map((url) => url.split('/').at(-1));
      if (medicationIsElsewhere(resource)) {
        expect(claims).toEqual([]);
        return [];
      }
      const due = claimsOf(resource).flatMap((url) => COUNTERPARTS[url.split('/').at(-1) ?? ''] ?? []);
      return due.filter((name) => !claims.includes(name)).map((name) => `${resource.id} ${name}`);
    });
    expect(lacking).toEqual([]);
  });

  it('is claimed by nothing that does not claim US Core', () => {
    const bare = sources
      .flatMap(([, resources]) => resources)
      .filter((resource) => hiddenBy(resource) === undefined && claimsOf(resource).length === 0);
    expect(bare.length).toBeGreaterThan(1000);
    expect(bare.map(convert).flatMap(claimsOf)).toEqual([]);
  });
});

/** What a client can't read here, nor by its name: no profile is claimed for such an order. */
function medicationIsElsewhere({ medicationReference }: Node): boolean {
  const { reference, display } = (medicationReference ?? {}) as Node;
  return typeof reference === 'string' && !reference.startsWith('#') && display === undefined;
}

const COUNTERPARTS: Readonly<Record<string, string>> = {
  'us-core-patient': 'argo-patient',
  'us-core-allergyintolerance': 'argo-allergyintolerance',
  'us-core-condition': 'argo-condition',
  'us-core-condition-encounter-diagnosis': 'argo-condition',
  'us-core-condition-problems-health-concerns': 'argo-condition',
  'us-core-medicationrequest': 'argo-medicationorder',
  'us-core-observation-lab': 'argo-observationresults',
  'us-core-smokingstatus': 'argo-smokingstatus',
  'us-core-blood-pressure': 'argo-vitalsigns',
  'us-core-bmi': 'argo-vitalsigns',
  'us-core-body-height': 'argo-vitalsigns',
  'us-core-body-temperature': 'argo-vitalsigns',
  'us-core-body-weight': 'argo-vitalsigns',
  'us-core-heart-rate': 'argo-vitalsigns',
  'us-core-pulse-oximetry': 'argo-vitalsigns',
  'us-core-respiratory-rate': 'argo-vitalsigns',
};
