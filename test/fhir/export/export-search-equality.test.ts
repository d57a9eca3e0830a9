import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Resource, r4 } from '../../../src/fhir/index.ts';
import { seededRandom } from '../../support/fuzzing/seeded-random.ts';
import {
  ANN,
  FIRST_DIRECTORY,
  MOTHER,
  MOTHER_ELSEWHERE,
  makeDirectory,
  makeRecord,
  type Owner,
  SECOND_DIRECTORY,
} from '../../support/leaks/record.ts';
import { formatQuery, type Pair } from '../../support/leaks/requests.ts';
import { PARTS_OF_SEARCHES } from '../../support/leaks/searches.ts';
import type { HuntContext } from '../../support/leaks/values.ts';
import { R4 } from '../../support/people/patient.ts';
import { DEEP } from '../../support/runs/slice.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import {
  addBackendApp,
  callApi,
  type ExportFiles,
  LIVE,
  loadResources,
  readFiles,
  runExport,
  SANDBOX,
} from './export-client.ts';

const SEED = 20_261_126;
const BASE = `http://localhost:8080${R4}`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await loadResources(server, SANDBOX, makeDirectory(FIRST_DIRECTORY));
  await loadResources(server, SANDBOX, makeRecord(ANN, MOTHER, BASE));
  await loadResources(server, SANDBOX, makeRecord(MOTHER, ANN, BASE));
  await loadResources(server, LIVE, makeDirectory(SECOND_DIRECTORY));
  await loadResources(server, LIVE, makeRecord(MOTHER_ELSEWHERE, ANN, BASE));
}, 300_000);
afterAll(() => server.close());

/**
 * Owners whose data must not be in the export. The exported mother has the same ids at the other practice, where her
 * daughter Ann is a patient too.
 */
const HIDDEN: readonly Owner[] = [ANN, MOTHER, FIRST_DIRECTORY];
const scene: HuntContext = { version: r4, own: MOTHER_ELSEWHERE, others: HIDDEN, documents: [] };

interface Page {
  readonly entry?: readonly { readonly resource: Resource }[];
  readonly link: readonly { readonly relation: string; readonly url: string }[];
}

/** Returns all matches of a search, from all its pages. */
async function searched(token: string, type: string, query: string): Promise<readonly Resource[]> {
  const found: Resource[] = [];
  for (let next: string | undefined = `/${type}?${query}`; next !== undefined; ) {
    const { entry = [], link }: Page = (await callApi(server, token, next)).json();
    found.push(...entry.map(({ resource }) => resource));
    next = link.find(({ relation }) => relation === 'next')?.url;
  }
  return found;
}

const textOf = (resources: readonly Resource[]): readonly string[] =>
  resources.map((one) => JSON.stringify(one)).sort();

async function filesOf(token: string, query: string): Promise<ExportFiles> {
  const { job, done } = await runExport(server, token, `/Patient/$export?${query}`);
  const files = await readFiles(server, token, done);
  await callApi(server, token, job, { method: 'DELETE' });
  return files;
}

const expectNoneOf = (files: ExportFiles) => {
  const text = JSON.stringify([...files]);
  for (const { canary } of HIDDEN) {
    expect(text).not.toContain(canary);
    expect(text).not.toContain(Buffer.from(canary).toString('base64'));
  }
};

const SCOPES = [
  'system/*.rs',
  'system/Observation.rs?category=laboratory system/Provenance.rs system/Patient.rs system/Encounter.rs',
  'system/Condition.rs?category=problem-list-item system/Observation.rs?category=survey system/Provenance.rs',
  'system/MedicationRequest.rs system/Organization.rs system/Provenance.rs?agent-role=c0,c1',
];

describe('an export contains exactly what searches by its token find', () => {
  it.each(SCOPES)('%s', { timeout: 120_000 }, async (scope) => {
    const token = await (await addBackendApp(server, { scope })).token();
    const files = await filesOf(token, '_outputFormat=ndjson');
    expectNoneOf(files);
    expect(files.size).toBeGreaterThan(1);
    for (const { name } of r4.types) {
      if (!scope.includes('*') && !scope.includes(`/${name}.`)) expect(files.has(name)).toBe(false);
      else expect(textOf(files.get(name) ?? [])).toEqual(textOf(await searched(token, name, '_count=1000')));
    }
  });

  it.each(SCOPES)('with _typeFilter: %s', { timeout: 300_000 }, async (scope) => {
    const token = await (await addBackendApp(server, { scope })).token();
    const types = r4.types.filter(({ name }) => scope.includes('*') || scope.includes(`/${name}.`));
    const random = seededRandom(SEED);
    const parts = ['a parameter', 'two parameters', 'an id', 'a chain', '_has'].map((name) => PARTS_OF_SEARCHES[name]);
    let compared = 0;
    for (let left = DEEP ? 60 : 20; left > 0; left -= 1) {
      const served = random.pick(types);
      const pairs: readonly Pair[] = random.pick(parts)?.(served, scene, random) ?? [];
      const query = formatQuery(pairs);
      const answer = await callApi(server, token, `/${served.name}?${query}&_count=1000`, {
        headers: { prefer: 'handling=strict' },
      });
      // The export of a filter is rejected if the search is.
      if (answer.statusCode !== 200 || pairs.some(([name]) => /^(patient|subject|beneficiary)/.test(name))) continue;
      const filter = encodeURIComponent(`${served.name}?${query}`);
      const files = await filesOf(token, `_type=${served.name}&_typeFilter=${filter}`);
      expectNoneOf(files);
      const found = await searched(token, served.name, `${query}&_count=1000`);
      expect(textOf(files.get(served.name) ?? []), query).toEqual(textOf(found));
      compared += 1;
    }
    expect(compared).toBeGreaterThan(DEEP ? 10 : 3);
  });
});
