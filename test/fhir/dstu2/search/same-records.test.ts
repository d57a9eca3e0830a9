import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2 } from '../../../../src/fhir/index.ts';
import type { Resource, ServedType } from '../../../../src/fhir/model/fhir-version.ts';
import { toServedId, typeVariants } from '../../../../src/fhir/model/type-variants.ts';
import { addApp } from '../../../support/apps/apps.ts';
import { SHARED_DATA } from '../../../support/fhir/shared-data.ts';
import { connectApp, DSTU2, getFhir, R4, SANDBOX_PATIENT } from '../../../support/people/patient.ts';
import { DEEP } from '../../../support/runs/slice.ts';
import { startServer, type TestServer } from '../../../support/servers/server.ts';
import type { Node } from '../fixtures/convert.ts';
import { counterparts, isIndexed, makeSearches, type Question, type RecordInBothVersions } from './same-searches.ts';

const SEED = 20_261_126;
const PEOPLE = [SANDBOX_PATIENT.username, 'patient02', 'patient07'];
/** People whose records are compared. Only deep runs take patient02, whose record has thousands of resources. */
const TESTED_PEOPLE = DEEP ? PEOPLE : PEOPLE.filter((person) => person !== 'patient02');
/** Number of searches by each parameter of a type, for each person. */
const EACH = DEEP ? 8 : 1;

/** Each DSTU2 type, with each stored R4 type that it is made from. */
const FORMS = dstu2.types
  .filter(({ compartment }) => compartment === 'record')
  .flatMap((served) => typeVariants(served).map((form) => ({ served, form })));

let server: TestServer;
const tokens = new Map<string, string>();
beforeAll(async () => {
  server = await startServer();
  const app = await addApp(server);
  for (const username of TESTED_PEOPLE) {
    const query = { scope: 'launch/patient patient/*.rs' };
    const { access_token } = await connectApp(server.app, app, query, {}, { ...SANDBOX_PATIENT, username });
    tokens.set(username, access_token);
  }
}, 60_000);
afterAll(() => server.close());

interface Page {
  readonly total: number;
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly { readonly resource: Node }[];
}

async function found(base: string, person: string, query: string): Promise<readonly Node[]> {
  const all: Node[] = [];
  for (let url: string | undefined = `${base}/${query}`; url !== undefined; ) {
    const answer = await getFhir(server.app, url, tokens.get(person) ?? '');
    expect(answer.statusCode, `${query} ${answer.body}`).toBe(200);
    const { entry = [], total, link } = answer.json() as Page;
    all.push(...entry.map(({ resource }) => resource));
    const next = link.find(({ relation }) => relation === 'next');
    url = next?.url.slice(server.config.publicUrl.length);
    if (url === undefined) expect(total, query).toBe(all.length);
  }
  return all;
}
const ALL = '_count=1000';

/** DSTU2 search results that are made from one stored type, by the id of the stored resource. */
async function shownIn(person: string, served: ServedType, form: ServedType, query: string) {
  const others = typeVariants(served).filter((one) => one !== form && (one.idPrefix ?? '') !== '');
  const own = (await found(DSTU2, person, `${served.name}?${query}&${ALL}`)).filter(({ id }) => {
    const isOthers = others.some(({ idPrefix = '' }) => String(id).startsWith(idPrefix));
    return String(id).startsWith(form.idPrefix ?? '') && !isOthers;
  });
  return new Map(own.map((one) => [String(one['id']).slice((form.idPrefix ?? '').length), one]));
}

/** For each resource that DSTU2 hides, the name of the rule that hides it, by id. */
async function hidingRules({
  stored,
  projection = dstu2.projection,
}: ServedType): Promise<ReadonlyMap<string, string>> {
  const rows = await server.db.queryText<{ id: string; hidden_by: string }>(
    'select id, hidden_by from conversion where type = $1 and name = $2 and hidden_by is not null',
    [stored, projection],
  );
  return new Map(rows.map(({ id, hidden_by }) => [id, hidden_by]));
}

async function recordOf(person: string, served: ServedType, form: ServedType): Promise<RecordInBothVersions> {
  const stored = (await found(R4, person, `${form.stored}?${ALL}`)) as unknown as readonly Resource[];
  return { stored, displayed: await shownIn(person, served, form, '') };
}

/** Expects that DSTU2 finds the same resources as R4, except those that a named rule hides. */
function expectSame(
  inR4: readonly string[],
  inDstu2: readonly string[],
  rules: ReadonlyMap<string, string>,
  what: string,
) {
  const expected = inR4.filter((id) => rules.get(id) === undefined).toSorted();
  expect(inDstu2.toSorted(), what).toEqual(expected);
  for (const id of inR4) if (!inDstu2.includes(id)) expect(rules.get(id), what).toMatch(/^[a-z-]+$/);
}

/** Parameters for people that R4 has in one element, in other combinations. participants.test.ts tests them. */
const OWN_QUESTIONS = [
  'CarePlan?participant',
  'CarePlan?participant',
  'Immunization?performer',
  'Immunization?requester',
];

/** Parameters by which at least one search was sent. */
const searchedParameters = new Set<string>();

// These tests keep their order, because the last one counts the parameters of the searches before it.
describe('a record in both versions', { shuffle: false }, () => {
  describe.each(FORMS)('$form.stored as $served.name', ({ served, form }) => {
    it('has the same resources as R4, except those hidden by a named rule', async () => {
      const rules = await hidingRules(form);
      for (const person of TESTED_PEOPLE) {
        const { stored, displayed } = await recordOf(person, served, form);
        expectSame(
          stored.map(({ id = '' }) => id),
          [...displayed.keys()],
          rules,
          person,
        );
        for (const [id, { id: own }] of displayed) expect(own).toBe(toServedId(form, id));
      }
    });

    it.runIf(SHARED_DATA !== undefined)(
      'is found by the same searches',
      async () => {
        const rules = await hidingRules(form);
        for (const person of TESTED_PEOPLE) {
          const all = await recordOf(person, served, form);
          for (const parameter of form.parameters.filter(isIndexed)) {
            const questions = makeSearches(served.name, form, parameter, all);
            if (questions.length === 0) continue;
            searchedParameters.add(`${served.name} of ${form.stored} by ${parameter.name}`);
            const ask = async ({ dstu2: query, r4: queries }: Question) => {
              const inR4 = await Promise.all(queries.map((one) => found(R4, person, `${form.stored}?${one}&${ALL}`)));
              const ids = [...new Set(inR4.flat().map(({ id }) => String(id)))];
              const shown = await shownIn(person, served, form, query);
              expectSame(ids, [...shown.keys()], rules, `${served.name}?${query} as ${form.stored}?${queries}`);
            };
            const options = { seed: SEED, numRuns: Math.min(EACH, questions.length) };
            await fc.assert(fc.asyncProperty(fc.constantFrom(...questions), ask), options);
          }
        }
      },
      180_000,
    );
  });

  describe('searches in DSTU2', () => {
    it('have a counterpart in R4, except those for participants', () => {
      const lacking = FORMS.flatMap(({ served, form }) =>
        form.parameters
          .filter(isIndexed)
          .filter((parameter) => counterparts(form, parameter).length === 0)
          .map(({ name }) => `${served.name}?${name}`),
      );
      expect(lacking).toEqual(OWN_QUESTIONS);
    });

    it.runIf(SHARED_DATA !== undefined)('were sent by every parameter for which these people have values', () => {
      expect(searchedParameters.size).toBeGreaterThan(85);
    });
  });
});
