import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Validator } from '../../../../src/validation/index.ts';
import { SHARED_DATA } from '../../../support/fhir/shared-data.ts';

export interface Published {
  readonly resourceType: string;
  readonly url?: string;
}

const read = (...names: readonly string[]) => JSON.parse(readFileSync(path.join(SHARED_DATA ?? '', ...names), 'utf8'));
const bundled = (folder: string, names: readonly string[]): readonly Published[] =>
  names.flatMap((name) =>
    read('dstu2-definitions', folder, `${name}.json`).entry.map((one: { resource: Published }) => one.resource),
  );

/** DSTU2's own resource types, profiles, extensions and value sets. */
export const dstu2Definitions = (): readonly Published[] => [
  ...bundled('structures', ['profiles-types', 'profiles-resources', 'profiles-others', 'extension-definitions']),
  ...bundled('valuesets', ['valuesets', 'v2-tables', 'v3-codesystems']),
];

/** Profiles and value sets of Argonaut Data Query 1.0.0, without its truncated copies of FHIR's value sets. */
export const argonautDefinitions = (): readonly Published[] =>
  readdirSync(path.join(SHARED_DATA ?? '', 'argonaut-dstu2'))
    .filter((name) => name.endsWith('.json'))
    .map((name): Published => read('argonaut-dstu2', name))
    .filter(({ url = '' }) => !url.startsWith('http://hl7.org/fhir/ValueSet/'));

/** The files of a folder, as JSON.parse returns them. */
export const examplesIn = (folder: string): readonly (readonly [name: string, resource: Record<string, unknown>])[] =>
  readdirSync(path.join(SHARED_DATA ?? '', folder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name, read(folder, name)] as const);

/** Returns a function that validates a resource and describes each error in one line. */
export const createChecker =
  (validator: Validator) =>
  (resource: unknown): readonly string[] =>
    validator
      .validate(resource)
      .filter(({ severity, code }) => severity === 'error' || code === 'not-found')
      .map(({ path: place, text, profile }) => `${place}: ${text}${profile === undefined ? '' : ` ${profile}`}`);
