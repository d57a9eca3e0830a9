import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Resource, r4 } from '../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../support/fhir/fhir-server.ts';
import { withData } from '../support/fhir/published-data.ts';
import { sandboxData } from '../support/fhir/sandbox.ts';
import { SHARED_DATA } from '../support/fhir/shared-data.ts';
import { declaresProfile, MUST_SUPPORT, type MustSupport, missingElements } from './must-support.ts';
import { readPackage } from './read-package.ts';

/** Patients whose records, together with the directory, have all elements that US Core requires. */
const NAMED = ['ana', 'milo', 'harold', 'frank', 'leonard'];
const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition';
const PACKAGES = [
  ['6.1.0', 'us-core-igs/us_core_610.tgz'],
  ['7.0.0', 'us-core-igs/us_core_700.tgz'],
  ['8.0.0', 'us-core-igs/us_core_800.tgz'],
] as const;

/** Elements that no resource has, each with the reason. */
const NOT_THERE = [
  // A blood pressure has no value of its own. Its values are in its components.
  'us-core-blood-pressure Observation.value[x]',
  // US Core: a server supports the URL or the data of a document. This one has URLs.
  'us-core-adi-documentreference DocumentReference.content.attachment.data',
  'us-core-documentreference DocumentReference.content.attachment.data',
];

const sandbox = sandboxData();
const people = sandbox.patients.filter(({ key }) => NAMED.includes(key));

let server: FhirServer;
/** Resources as the API returns them. */
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

const guides = Object.entries(MUST_SUPPORT);

describe('US Core: every must-support element occurs in the sandbox', () => {
  it.each(guides)(
    '%s: every element, slice, choice of types, extension and reference target of every declared profile occurs',
    (version, guide) => {
      const all = [...served.values()];
      const nameOf = (profile: string) => profile.slice(profile.lastIndexOf('/') + 1);
      const lacking = guide.claimed.flatMap((profile) => {
        const own = all.filter((resource) => declaresProfile(guide, version, profile, resource));
        const name = nameOf(profile);
        return missingElements(guide, profile, own, (reference) => served.get(reference)).map(
          (what) => `${name} ${what}`,
        );
      });
      expect(guide.claimed.length).toBeGreaterThan(40);
      const names = new Set(guide.claimed.map(nameOf));
      expect(lacking.toSorted()).toEqual(NOT_THERE.filter((what) => names.has(what.split(' ', 1)[0] ?? '')).toSorted());
    },
  );

  it('the check finds missing elements', () => {
    const guide = MUST_SUPPORT['8.0.0'] as MustSupport;
    const bare = { resourceType: 'Patient', name: [{ family: 'Larkspur' }] } as unknown as Resource;
    const lacking = missingElements(guide, `${US_CORE}/us-core-patient`, [bare], () => undefined);
    expect(lacking).toEqual(
      expect.arrayContaining(['Patient.name.given', 'Patient.extension:race', 'Patient.telecom', 'Patient.birthDate']),
    );
    expect(lacking).not.toContain('Patient.name.family');
  });

  it.each(guides)('%s: each type of clinical note and each category of its own has an entry', (_, { lists }) => {
    const text = JSON.stringify([...served.values()]);
    const codes = new Set([...text.matchAll(/"code":"([^"]+)"/g)].map(([, code]) => code));
    const listed = Object.values(lists).flat();
    expect(listed.length).toBeGreaterThan(8);
    expect(listed.filter((code) => !codes.has(code))).toEqual([]);
  });

  it('the CapabilityStatement declares no version that isn’t checked here', async () => {
    const statement: { rest: readonly [{ resource: readonly { supportedProfile?: readonly string[] }[] }] } = (
      await server.get(undefined, '/metadata')
    ).json();
    const claimed = statement.rest[0].resource.flatMap(({ supportedProfile = [] }) => supportedProfile);
    const checked = guides.flatMap(([version, guide]) => guide.claimed.flatMap((url) => [url, `${url}|${version}`]));
    expect(claimed.filter((url) => url.startsWith(US_CORE)).toSorted()).toEqual([...new Set(checked)].toSorted());
  });

  it.skipIf(SHARED_DATA === undefined).each(PACKAGES)(
    withData('%s: the table matches the definitions'),
    async (version, file) => {
      const { mustSupportOf } = await import(
        new URL('../../scripts/compile-us-core-must-support.mjs', import.meta.url).href
      );
      const resources = new Map(readPackage(path.join(SHARED_DATA ?? '', file)));
      expect(mustSupportOf(resources)).toEqual(MUST_SUPPORT[version]);
    },
  );
});

interface Patient {
  readonly meta: { readonly profile: readonly string[] };
  readonly extension: readonly { readonly url: string; readonly valueCode?: string; readonly valueCoding?: object }[];
  readonly name: readonly { readonly use: string; readonly period?: { readonly end?: string } }[];
  readonly address: readonly { readonly use: string; readonly period?: { readonly end?: string } }[];
}
const patients = () =>
  [...served.values()].filter(({ resourceType }) => resourceType === 'Patient') as unknown as readonly Patient[];

describe('US Core: the sandbox follows guidance beside the definitions, with', () => {
  it('a previous name and address with an end date', () => {
    const [old] = patients().filter(({ name, address }) => name.length > 1 && address.length > 1);
    const ended = expect.arrayContaining([
      expect.objectContaining({ use: 'old', period: expect.objectContaining({ end: expect.any(String) }) }),
    ]);
    expect(old).toMatchObject({ name: ended, address: ended });
  });

  it('sex in the form of 6.1 and 7.0 and in that of 8.0, and each Patient declares the versions it conforms to', () => {
    const forms = patients().flatMap(({ meta, extension }) => {
      const sex = extension.find(({ url }) => url.endsWith('/us-core-sex'));
      const versions = meta.profile.filter((claim) => claim.includes('/us/core/')).map((claim) => claim.split('|')[1]);
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
  it('no component has a value without a UCUM unit: the position is an extension', () => {
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
