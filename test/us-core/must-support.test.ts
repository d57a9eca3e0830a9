import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Resource, r4 } from '../../src/fhir/index.ts';
import { generateSandbox, SANDBOX_SEED } from '../../src/sandbox/generate/index.ts';
import { type FhirServer, startFhir } from '../support/fhir-server.ts';
import { withData } from '../support/published-data.ts';
import { SHARED_DATA } from '../support/shared-data.ts';
import { type Guide, guideOf, lackingIn, meets } from './must-support.ts';
import { readPackage } from './read-package.ts';

/** All that US Core asks for is in these five records and the directory. */
const NAMED = ['ana', 'milo', 'harold', 'frank', 'leonard'];
const VERSIONS = ['610', '700', '800'];

/** What no resource has, and why. */
const NOT_THERE = [
  // A panel of two values has none itself: they are in its components.
  'us-core-blood-pressure Observation.value[x]',
];

const sandbox = generateSandbox({ seed: SANDBOX_SEED });
const people = sandbox.people.filter(({ key }) => NAMED.includes(key));

let server: FhirServer;
/** As an app reads them. */
const served = new Map<string, Resource>();
beforeAll(async () => {
  server = await startFhir();
  await server.load([...sandbox.directory, ...people.flatMap(({ resources }) => resources)]);
  for (const { resources } of people) {
    const token = await server.token(resources.find(({ resourceType }) => resourceType === 'Patient')?.id ?? '');
    for (const { name } of r4.types)
      for (const { resource } of (await server.get(token, `/${name}?_count=1000`)).json().entry ?? [])
        served.set(`${resource.resourceType}/${resource.id}`, resource);
  }
}, 120_000);
afterAll(() => server.close());

const guides = (): readonly Guide[] =>
  SHARED_DATA === undefined
    ? []
    : VERSIONS.map((name) =>
        guideOf([...readPackage(path.join(SHARED_DATA ?? '', `us-core-igs/us_core_${name}.tgz`))]),
      );

describe.skipIf(SHARED_DATA === undefined)(
  withData('US Core: what a server must support occurs in the sandbox, by the definitions'),
  () => {
    it.each(guides().map((guide) => [guide.version, guide] as const))(
      '%s: every element, slice, choice of types, extension and target of a reference of every claimed profile',
      (_, guide) => {
        const all = [...served.values()];
        const lacking = guide.claimed.flatMap((profile) => {
          const own = all.filter((resource) => meets(guide, profile, resource));
          const name = profile.url.split('/').at(-1);
          return lackingIn(guide, profile, own, (reference) => served.get(reference)).map((what) => `${name} ${what}`);
        });
        expect(guide.claimed.length).toBeGreaterThan(40);
        expect(lacking).toEqual(NOT_THERE);
      },
    );

    it('finds what is not there', () => {
      const [guide] = guides();
      const patient = guide?.claimed.find(({ type }) => type === 'Patient');
      if (guide === undefined || patient === undefined) throw new Error('US Core has no Patient');
      const bare = { resourceType: 'Patient', name: [{ family: 'Larkspur' }] } as unknown as Resource;
      const lacking = lackingIn(guide, patient, [bare], () => undefined);
      expect(lacking).toEqual(
        expect.arrayContaining([
          'Patient.name.given',
          'Patient.extension:race',
          'Patient.telecom',
          'Patient.birthDate',
        ]),
      );
      expect(lacking).not.toContain('Patient.name.family');
    });

    it('each type of clinical note, and each category of US Core’s own, has an entry', () => {
      const codes = new Set(
        [...JSON.stringify([...served.values()]).matchAll(/"code":"([^"]+)"/g)].map(([, code]) => code),
      );
      for (const guide of guides()) {
        const [types, categories] = ['ValueSet/us-core-clinical-note-type', 'CodeSystem/us-core-category'].map((name) =>
          guide.codesOf(`http://hl7.org/fhir/us/core/${name}`),
        );
        expect(types?.length).toBeGreaterThan(4);
        expect(categories?.length).toBeGreaterThan(3);
        expect([...(types ?? []), ...(categories ?? [])].filter((code) => !codes.has(code))).toEqual([]);
      }
    });
  },
);

interface Patient {
  readonly meta: { readonly profile: readonly string[] };
  readonly extension: readonly { readonly url: string; readonly valueCode?: string; readonly valueCoding?: object }[];
  readonly name: readonly { readonly use: string; readonly period?: { readonly end?: string } }[];
  readonly address: readonly { readonly use: string; readonly period?: { readonly end?: string } }[];
}
const patients = () =>
  [...served.values()].filter(({ resourceType }) => resourceType === 'Patient') as unknown as readonly Patient[];

describe('US Core: what its guidance asks for beside its definitions', () => {
  it('a name and an address of before, with the day when they ended', () => {
    const [old] = patients().filter(({ name, address }) => name.length > 1 && address.length > 1);
    const ended = expect.arrayContaining([
      expect.objectContaining({ use: 'old', period: expect.objectContaining({ end: expect.any(String) }) }),
    ]);
    expect(old).toMatchObject({ name: ended, address: ended });
  });

  it('sex in the form of 6.1 and 7.0 and in that of 8.0, and each Patient claims the versions that it meets', () => {
    const forms = patients().flatMap(({ meta, extension }) => {
      const sex = extension.find(({ url }) => url.endsWith('/us-core-sex'));
      const versions = meta.profile.map((claim) => claim.split('|')[1]);
      return sex === undefined ? [] : [[sex.valueCode ?? typeof sex.valueCoding, versions]];
    });
    expect(forms.toSorted()).toEqual([
      ['248153007', ['6.1.0', '7.0.0']],
      ['object', ['8.0.0']],
    ]);
  });

  it('missing data, as an extension and as the code `unknown`', () => {
    const text = JSON.stringify([...served.values()]);
    expect(text).toContain(
      '{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}',
    );
    expect(text).toContain('"system":"http://terminology.hl7.org/CodeSystem/data-absent-reason","code":"unknown"');
  });
});

describe('FHIR R4 vital signs', () => {
  it('no component has a value without a unit of UCUM: the position is an extension', () => {
    const vitals = [...served.values()].filter((one) =>
      JSON.stringify(one['category'] ?? '').includes('"vital-signs"'),
    );
    const components = vitals.flatMap((one) => (one['component'] ?? []) as readonly Record<string, unknown>[]);
    expect(components.length).toBeGreaterThan(100);
    expect(
      components.filter((one) => one['valueQuantity'] === undefined && one['dataAbsentReason'] === undefined),
    ).toEqual([]);
    const positioned = vitals.filter((one) =>
      JSON.stringify(one['extension'] ?? '').includes('/observation-bodyPosition"'),
    );
    expect(positioned.length).toBeGreaterThan(5);
  });
});
