import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FhirServer, startFhir } from '../support/fhir/fhir-server.ts';
import { dataFiles, withData } from '../support/fhir/published-data.ts';
import { SHARED_DATA } from '../support/fhir/shared-data.ts';
import { readPackage } from './read-package.ts';

const EXPECTATION = 'http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation';
const COMBINATION = 'http://hl7.org/fhir/StructureDefinition/capabilitystatement-search-parameter-combination';
const SERVER = 'http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server';

interface Extension {
  readonly url: string;
  readonly valueCode?: string;
  readonly valueString?: string;
  readonly extension?: readonly Extension[];
}
interface Extended {
  readonly extension?: readonly Extension[];
}
interface Named extends Extended {
  readonly name: string;
}
interface Stated extends Extended {
  readonly type: string;
  readonly referencePolicy?: readonly string[];
  readonly interaction?: readonly (Extended & { readonly code: string })[];
  readonly searchParam?: readonly (Named & { readonly type: string })[];
  readonly operation?: readonly (Named & { readonly definition: string })[];
  readonly supportedProfile?: readonly string[];
  readonly searchInclude?: readonly string[];
  readonly searchRevInclude?: readonly string[];
  readonly [element: `_${string}`]: readonly (Extended | null)[];
}
interface Statement {
  readonly instantiates?: readonly string[];
  readonly implementationGuide?: readonly string[];
  readonly format: readonly string[];
  readonly rest: readonly {
    readonly resource: readonly Stated[];
    readonly searchParam: readonly { readonly name: string; readonly type: string }[];
  }[];
}

const FILES =
  SHARED_DATA === undefined ? [] : dataFiles('us-core-igs', '.tgz').filter((file) => /_(610|700|800)\./.test(file));

/** Reads a US Core package: its version, its server CapabilityStatement, and the profiles that it defines. */
function readGuide(file: string) {
  let statement: (Statement & { readonly version: string }) | undefined;
  const profiles = new Set<string>();
  for (const [name, json] of readPackage(file)) {
    if (name === 'CapabilityStatement-us-core-server.json') statement = json as typeof statement;
    if (name.startsWith('StructureDefinition-')) profiles.add((json as { url: string }).url);
  }
  if (statement === undefined) throw new Error(`${file} has no statement of a server`);
  return { statement, profiles };
}

const isExpected = ({ extension = [] }: Extended): boolean =>
  extension.some(({ url, valueCode }) => url === EXPECTATION && (valueCode === 'SHALL' || valueCode === 'SHOULD'));

/** Interactions that this read-only API doesn't offer, although US Core lists them. */
const READ_ONLY = ['create'];

let server: FhirServer;
let ours: Statement;
beforeAll(async () => {
  server = await startFhir();
  ours = (await server.get(undefined, '/metadata')).json();
});
afterAll(() => server.close());

const own = (type: string): Stated | undefined => ours.rest[0]?.resource.find((one) => one.type === type);
const parametersOf = (type: string) => [...(own(type)?.searchParam ?? []), ...(ours.rest[0]?.searchParam ?? [])];

/** Describes what US Core requires for a resource type and our CapabilityStatement lacks. */
function missing(stated: Stated, profiles: ReadonlySet<string>, version: string): readonly string[] {
  const { type } = stated;
  const mine = own(type);
  const interactions = (stated.interaction ?? [])
    .filter(isExpected)
    .map(({ code }) => code)
    .filter((code) => !READ_ONLY.includes(code) && !mine?.interaction?.some((one) => one.code === code));
  const combined = (stated.extension ?? [])
    .filter((one) => one.url === COMBINATION && isExpected(one))
    .flatMap(({ extension = [] }) => extension.flatMap(({ valueString }) => valueString ?? []));
  const parameters = [
    ...(stated.searchParam ?? []).filter(isExpected).map(({ name, type: kind }) => `${name} ${kind}`),
    ...combined.map((name) => `${name} ${(stated.searchParam ?? []).find((one) => one.name === name)?.type}`),
  ].filter((one) => !parametersOf(type).some((parameter) => `${parameter.name} ${parameter.type}` === one));
  const operations = (stated.operation ?? [])
    .filter(isExpected)
    .map(({ definition }) => definition)
    .filter((definition) => !mine?.operation?.some((one) => one.definition === definition));
  const declared = (stated.supportedProfile ?? [])
    .map((url) => url.split('|', 1)[0] ?? '')
    .filter((url) => profiles.has(url))
    .flatMap((url) => [url, `${url}|${version}`])
    .filter((url) => !mine?.supportedProfile?.includes(url));
  // An `_include` without a type covers references to every type.
  const includes = (stated.searchInclude ?? []).filter(
    (one) => !mine?.searchInclude?.includes(one.split(':').slice(0, 2).join(':')),
  );
  const reversed = (stated.searchRevInclude ?? []).filter((one) => !mine?.searchRevInclude?.includes(one));
  return [...interactions, ...parameters, ...operations, ...declared, ...includes, ...reversed].map(
    (what) => `${type}: ${what}`,
  );
}

describe.skipIf(SHARED_DATA === undefined)(
  withData('the CapabilityStatement has what US Core’s server CapabilityStatement requires (SHALL and SHOULD)'),
  () => {
    it.each(FILES.map((file) => [path.basename(file), file]))('%s', (_, file) => {
      const { statement, profiles } = readGuide(file);
      const stated = statement.rest[0]?.resource ?? [];
      expect(stated.length).toBeGreaterThan(20);
      expect(stated.filter((one) => own(one.type) === undefined && isExpected(one)).map(({ type }) => type)).toEqual(
        [],
      );
      expect(stated.flatMap((one) => missing(one, profiles, statement.version))).toEqual([]);
      expect(ours.instantiates).toEqual(expect.arrayContaining([SERVER, `${SERVER}|${statement.version}`]));
      expect(ours.implementationGuide).toEqual(
        expect.arrayContaining([...(statement.implementationGuide ?? [])].filter((one) => one !== null)),
      );
      expect(ours.format).toEqual(expect.arrayContaining([...statement.format]));
    });

    it('declares no profile that no version of US Core has for the type', () => {
      const known = FILES.map(readGuide).flatMap(({ statement, profiles }) =>
        (statement.rest[0]?.resource ?? []).flatMap(({ type, supportedProfile = [] }) =>
          supportedProfile
            .map((url) => url.split('|', 1)[0] ?? '')
            .filter((url) => profiles.has(url))
            .flatMap((url) => [`${type} ${url}`, `${type} ${url}|${statement.version}`]),
        ),
      );
      const claimed = (ours.rest[0]?.resource ?? []).flatMap(({ type, supportedProfile = [] }) =>
        supportedProfile.filter((url) => !url.includes('/uv/ipa/')).map((url) => `${type} ${url}`),
      );
      expect(claimed.length).toBeGreaterThan(100);
      expect(claimed.filter((one) => !known.includes(one))).toEqual([]);
    });
  },
);

it('FHIR R4 §5.1: each type declares how references to it are stored', () => {
  const types = (ours.rest[0]?.resource ?? []).filter(({ searchParam }) => searchParam !== undefined);
  expect(types.length).toBeGreaterThan(25);
  for (const { type, referencePolicy } of types)
    expect(referencePolicy, type).toEqual(expect.arrayContaining(['literal']));
});
