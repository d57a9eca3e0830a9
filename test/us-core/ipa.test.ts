import fhirpath from 'fhirpath';
import r4Model from 'fhirpath/fhir-context/r4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../support/fhir/fhir-server.ts';
import { sandboxData } from '../support/fhir/sandbox.ts';
import ipa from '../support/generated/ipa.json' with { type: 'json' };

interface Element {
  readonly id: string;
  readonly path: string;
  readonly required?: boolean;
  readonly max?: string;
  readonly mustSupport?: boolean;
  readonly pattern?: readonly { readonly system: string; readonly code: string }[];
  readonly constraints?: readonly { readonly key: string; readonly expression: string }[];
}
interface Profile {
  readonly url: string;
  readonly type: string;
  readonly elements: readonly Element[];
}
interface RequiredSearch {
  readonly type: string;
  readonly profiles: readonly string[];
  readonly interactions: readonly string[];
  readonly parameters: readonly string[];
  readonly combinations: readonly (readonly string[])[];
  readonly operations: readonly string[];
  readonly includes: readonly string[];
  readonly reverseIncludes: readonly string[];
}
/** Profiles of International Patient Access, as scripts/compile-ipa.mjs compiles them. */
const PROFILES = ipa.profiles as readonly Profile[];
const REQUIRED_SEARCHES: readonly RequiredSearch[] = ipa.types;

const sandbox = sandboxData();
const [main] = sandbox.patients;
const everything = [...sandbox.directory, ...sandbox.patients.flatMap(({ resources }) => resources)];
const claimsOf = ({ meta }: Resource): readonly string[] =>
  ((meta as { readonly profile?: readonly string[] } | undefined)?.profile ?? []).filter((url) =>
    url.includes('/ipa/'),
  );

/** Returns the values at a path of element names. `value[x]` is a value of any of its types. */
function at(value: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => at(one, path));
  const [name, ...rest] = path;
  if (name === undefined) return value === undefined ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  const own = value as Readonly<Record<string, unknown>>;
  if (!name.endsWith('[x]')) return at(own[name], rest);
  const choice = new RegExp(`^${name.slice(0, -3)}[A-Z]`);
  return Object.keys(own)
    .filter((key) => choice.test(key))
    .flatMap((key) => at(own[key], rest));
}

const namesIn = ({ path }: Element): readonly string[] => path.split('.').slice(1);

/** Returns the elements that a profile requires and a resource lacks. */
function lacking(resource: Resource, { elements }: Profile): readonly string[] {
  return elements.flatMap((element) => {
    const [names, last] = [namesIn(element).slice(0, -1), namesIn(element).at(-1)];
    const parents = at(resource, names);
    const counts = last === undefined ? [] : parents.map((one) => at(one, [last]).length);
    const isShort = element.required === true && element.pattern === undefined && counts.some((count) => count === 0);
    const isLong =
      element.max !== undefined && element.max !== '*' && counts.some((count) => count > Number(element.max));
    const lacksPattern = element.pattern?.some(
      ({ system, code }) =>
        !at(resource, [...namesIn(element), 'coding']).some(
          (coding) => (coding as { system?: string }).system === system && (coding as { code?: string }).code === code,
        ),
    );
    const broken = (element.constraints ?? []).filter(({ expression }) =>
      (last === undefined ? [resource] : at(resource, namesIn(element))).some(
        (one) => fhirpath.evaluate(one, { base: element.path, expression }, {}, r4Model, { async: false })[0] !== true,
      ),
    );
    return [
      ...(isShort || isLong || lacksPattern === true ? [element.id] : []),
      ...broken.map(({ key }) => `${element.id} ${key}`),
    ];
  });
}

describe('the sandbox conforms to International Patient Access', () => {
  it.each(PROFILES.map((profile) => [profile.url.split('/').at(-1), profile] as const))(
    '%s is declared by each resource that conforms to it, and by no other',
    (_, profile) => {
      const own = everything.filter(({ resourceType }) => resourceType === profile.type);
      const claiming = own.filter((resource) => claimsOf(resource).includes(profile.url));
      expect(claiming.length).toBeGreaterThan(0);
      // A sample of the generated resources. There are thousands.
      const some = own.filter((_one, index) => index % Math.ceil(own.length / 500) === 0);
      const meeting = some.filter((resource) => lacking(resource, profile).length === 0);
      expect(meeting.map(({ id }) => id)).toEqual(
        some.filter((resource) => claiming.includes(resource)).map(({ id }) => id),
      );
    },
  );

  /**
   * Must-support elements that generated resources lack, because the server adds them: the URL of an attachment when it
   * is read, and a link to a merged Patient.
   */
  const ELSEWHERE = ['DocumentReference.content.attachment.url', 'Patient.link', 'MedicationStatement.statusReason'];

  it.each(PROFILES.map((profile) => [profile.url.split('/').at(-1), profile] as const))(
    '%s: each must-support element occurs',
    (_, { url, elements }) => {
      const claiming = everything.filter((resource) => claimsOf(resource).includes(url));
      const missing = elements.filter(
        (element) =>
          element.mustSupport === true && !claiming.some((resource) => at(resource, namesIn(element)).length > 0),
      );
      expect(missing.map(({ id }) => id).filter((id) => !ELSEWHERE.includes(id))).toEqual([]);
    },
  );

  it('declares nothing that International Patient Access doesn’t define', () => {
    const known = PROFILES.map(({ url }) => url);
    expect(everything.flatMap(claimsOf).filter((url) => !known.includes(url))).toEqual([]);
  });
});

describe('the server conforms to International Patient Access', () => {
  let server: FhirServer;
  let token: string;
  let patientId: string;
  beforeAll(async () => {
    server = await startFhir();
    const resources = main?.resources ?? [];
    patientId = resources.find(({ resourceType }) => resourceType === 'Patient')?.id ?? '';
    await server.load([...sandbox.directory, ...resources]);
    token = await server.token(patientId);
  });
  afterAll(() => server.close());

  interface Stated {
    readonly type: string;
    readonly interaction: readonly { readonly code: string }[];
    readonly supportedProfile?: readonly string[];
    readonly searchParam: readonly { readonly name: string }[];
    readonly searchInclude?: readonly string[];
    readonly searchRevInclude?: readonly string[];
    readonly operation?: readonly { readonly definition: string }[];
  }

  it('declares conformance, and for each type the profiles, interactions, searches and operations', async () => {
    const { instantiates, rest } = (await server.get(undefined, '/metadata')).json();
    expect(instantiates).toContain(ipa.url);
    const [{ resource, searchParam }] = rest as [{ resource: readonly Stated[]; searchParam: Stated['searchParam'] }];
    const missing = REQUIRED_SEARCHES.flatMap(({ type, ...asked }) => {
      const own = resource.find((one) => one.type === type);
      const stated = {
        profiles: own?.supportedProfile ?? [],
        interactions: own?.interaction.map(({ code }) => code) ?? [],
        parameters: [...(own?.searchParam ?? []), ...searchParam].map(({ name }) => name),
        operations: own?.operation?.map(({ definition }) => definition) ?? [],
        includes: own?.searchInclude ?? [],
        reverseIncludes: own?.searchRevInclude ?? [],
      };
      const parameters = [...asked.parameters, ...asked.combinations.flat()];
      return Object.entries({ ...asked, parameters, combinations: [] }).flatMap(([name, wanted]) =>
        wanted
          .filter((one) => !(stated[name as keyof typeof stated] ?? []).includes(one))
          .map((one) => `${type} ${one}`),
      );
    });
    expect(missing).toEqual([]);
  });

  /** For each search parameter, the path of a value that finds a resource. */
  const VALUE: Readonly<Record<string, string>> = {
    'clinical-status': 'clinicalStatus.coding.code',
    category: 'category.coding.code',
    code: 'code.coding.code',
    type: 'type.coding.code',
    contenttype: 'content.attachment.contentType',
    status: 'status',
    intent: 'intent',
    birthdate: 'birthDate',
    family: 'name.family',
    given: 'name.given',
    name: 'name.family',
    gender: 'gender',
    identifier: 'identifier.value',
    _id: 'id',
  };
  const SEARCHES = REQUIRED_SEARCHES.flatMap(({ type, parameters, combinations, interactions }) =>
    interactions.includes('search-type')
      ? [...parameters.map((one) => [one]), ...combinations].map((names) => [type, names] as const)
      : [],
  );

  it.each(SEARCHES)('%s is found by %j', async (type, names) => {
    // The query has the values of one resource that has all of them.
    const own = (await server.get(token, `/${type}?_count=200`))
      .json()
      .entry.map((one: { resource: Resource }) => one.resource);
    const queries = own.flatMap((resource: Resource) => {
      const pairs = names.map((name) => {
        if (name === 'patient') return [name, patientId];
        const path =
          type === 'MedicationRequest' && name === 'code' ? 'medicationCodeableConcept.coding.code' : VALUE[name];
        return [name, path === undefined ? 'ge1900' : at(resource, path.split('.'))[0]];
      });
      return pairs.every(([, value]) => value !== undefined)
        ? [new URLSearchParams(pairs as [string, string][]).toString()]
        : [];
    });
    expect(queries.length).toBeGreaterThan(0);
    const answer = await server.get(token, `/${type}?${queries[0]}`, { prefer: 'handling=strict' });
    expect({ status: answer.statusCode, isFound: answer.json().total > 0, query: queries[0] }).toEqual({
      status: 200,
      isFound: true,
      query: queries[0],
    });
  });

  it('returns 400, 401, 403 and 404 as it requires', async () => {
    const narrow = await server.token(patientId, { scope: 'patient/Condition.rs' });
    const statusOf = async (given: string | undefined, path: string) => (await server.get(given, path)).statusCode;
    expect(await statusOf(token, '/Observation?date=x')).toBe(400);
    expect(await statusOf(undefined, '/Observation')).toBe(401);
    expect(await statusOf(narrow, '/Observation')).toBe(403);
    expect(await statusOf(token, '/Observation/none')).toBe(404);
  });
});
