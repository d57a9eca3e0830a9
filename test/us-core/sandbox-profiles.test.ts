import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { buildR4Guide, createR4Validator, type ValidationIssue, type Validator } from '../../src/validation/index.ts';
import { withData } from '../support/fhir/published-data.ts';
import { sandboxData } from '../support/fhir/sandbox.ts';
import { SHARED_DATA } from '../support/fhir/shared-data.ts';
import { slice } from '../support/runs/slice.ts';
import { readPackage } from './read-package.ts';

const sandbox = sandboxData();
/** Declared profiles of US Core. ipa.test.ts is about profiles of International Patient Access. */
const profilesOf = (resource: Resource) =>
  ((resource['meta'] as { profile: readonly string[] } | undefined)?.profile ?? []).filter(
    (url) => !url.includes('/uv/ipa/'),
  );

/** Versions of US Core whose profiles the CapabilityStatement names. */
const VERSIONS = [
  ['6.1.0', 'us-core-igs/us_core_610.tgz'],
  ['7.0.0', 'us-core-igs/us_core_700.tgz'],
  ['8.0.0', 'us-core-igs/us_core_800.tgz'],
] as const;

/** Whether the version of a profile is declared. Two versions with the same URL may contradict each other. */
const isClaimed = (resource: Resource, version: string): boolean => {
  const claims = profilesOf(resource);
  return claims.length === 0 || claims.some((claim) => !claim.includes('|') || claim.endsWith(`|${version}`));
};

describe.skipIf(SHARED_DATA === undefined).each(VERSIONS)(
  withData('the sandbox conforms to the StructureDefinitions of R4 and US Core %s'),
  (version, file) => {
    let validator: Validator;
    let defined: ReadonlySet<string>;
    beforeAll(() => {
      const guide = [...readPackage(path.join(SHARED_DATA ?? '', file))];
      validator = createR4Validator([buildR4Guide(guide.map(([, json]) => json as { resourceType: string }))]);
      defined = new Set(guide.map(([, json]) => (json as { url?: string }).url ?? ''));
    });

    /**
     * Whether a message is a problem. The validator here doesn't know the profiles of other versions, and reports them
     * as unknown.
     */
    const isProblem = ({ severity, code, profile = '' }: ValidationIssue): boolean =>
      severity === 'error' || (code === 'not-found' && defined.has(profile));
    const problemsOf = (resource: Resource): string[] =>
      validator
        .validate(resource)
        .filter(isProblem)
        .map(({ path: place, text }) => `${place}: ${text}`);

    const patients = slice(
      sandbox.patients.map((person) => person.key),
      { share: 0.4 },
    );
    it.each(['directories', ...patients])('%s conforms', (key) => {
      const person = sandbox.patients.find((one) => one.key === key);
      const resources =
        person === undefined
          ? [...sandbox.directory, ...sandbox.secondDirectory]
          : [...person.resources, ...(person.secondRecord ?? [])];
      const claimed = resources.filter((resource) => isClaimed(resource, version));
      const faults = new Set(
        slice(claimed, { kinds: (resource) => [resource.resourceType, ...profilesOf(resource)] }).flatMap((resource) =>
          problemsOf(resource).map((error) => `${profilesOf(resource)[0]?.split('/').at(-1)}: ${error}`),
        ),
      );
      expect([...faults]).toEqual([]);
    });
  },
);
