import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Resource, r4 } from '../../../../src/fhir/index.ts';
import { later } from '../../../../src/kernel/index.ts';
import { type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';
import { loadTexts, ndjson } from '../../../support/fhir/load-texts.ts';
import { dataFiles } from '../../../support/fhir/published-data.ts';
import { sandboxData } from '../../../support/fhir/sandbox.ts';
import { DEEP } from '../../../support/runs/slice.ts';
import { readPackage } from '../../../us-core/read-package.ts';
import { generateResources } from './generated-resources.ts';
import { TEST_VALUE_SET } from './known-codes.ts';
import { asList, isObject } from './nodes.ts';
import { referenceText } from './reference-rule.ts';

/** A server with one practice, and all resources that its API returns. */
export interface OracleServer {
  readonly server: FhirServer;
  /** A token with access to everything at the practice. */
  readonly token: string;
  /** Resources by type. */
  readonly stored: ReadonlyMap<string, readonly Resource[]>;
  /** The `Patient/id` of the record that a resource belongs to, by the resource's `Type/id`. */
  readonly owners: ReadonlyMap<string, string>;
}

/** Seeds of the generated records. The last one generates an Observation whose value is a date. */
const MADE_CHARTS = [1, 2, 3, 4, 5, 6, 28];
const SANDBOX_PEOPLE = 3;
/** Query for all matches on one page: 1000 is the maximum page size. */
const ALL = '_count=1000';

export async function startOracleServer(): Promise<OracleServer> {
  const server = await startFhir();
  for (const [source, text] of sources()) await loadTexts(server, { [source]: text }, { source });
  // Searches by `_lastUpdated` over a practice leave out what was stored in this millisecond.
  server.clock.set(later(server.clock.now(), 1));
  const [person] = await server.db.queryText<{ patient_id: string }>('select patient_id from record limit 1', []);
  const token = await server.token(person?.patient_id ?? '', { scope: 'user/*.rs', practices: [1], record: false });
  const stored = new Map<string, readonly Resource[]>();
  for (const { name } of r4.types) stored.set(name, await allOf(server, token, name));
  return { server, token, stored, owners: ownersOf([...stored.values()].flat()) };
}

/**
 * Determines the record of each resource by the patient that it refers to. A Provenance belongs to the record of its
 * targets.
 */
function ownersOf(resources: readonly Resource[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  const nameOf = ({ resourceType, id }: Resource) => `${resourceType}/${id}`;
  for (const one of resources) {
    const about = ['subject', 'patient', 'beneficiary'].map((name) => referenceText(one[name]));
    const coming = asList(one['participant']).map((each) =>
      isObject(each) ? referenceText(each['actor']) : undefined,
    );
    const owner = [...about, ...coming].find((text) => text?.startsWith('Patient/'));
    if (one.resourceType === 'Patient') owners.set(nameOf(one), nameOf(one));
    else if (owner !== undefined) owners.set(nameOf(one), owner);
  }
  for (const one of resources.filter(({ resourceType }) => resourceType === 'Provenance')) {
    const owner = asList(one['target'])
      .map((each) => owners.get(referenceText(each) ?? ''))
      .find((each) => each !== undefined);
    if (owner !== undefined) owners.set(nameOf(one), owner);
  }
  return owners;
}

async function allOf(server: FhirServer, token: string, type: string): Promise<readonly Resource[]> {
  const { entry = [], link } = (await server.get(token, `/${type}?${ALL}`)).json();
  if (link.some(({ relation }: { relation: string }) => relation === 'next'))
    throw new Error(`${type}: more than a page`);
  return entry.map(({ resource }: { resource: Resource }) => resource);
}

function sources(): readonly (readonly [source: string, text: string])[] {
  const types = r4.types.map(({ name }) => name);
  const made = MADE_CHARTS.map((seed): [string, string] => [
    `made ${seed}`,
    ndjson(
      ...generateResources({
        patientId: `${String(seed).padStart(8, '0')}-aaaa-4000-8000-000000000000`,
        types,
        count: 4,
        seed,
      }),
    ),
  ]);
  const { directory, patients } = sandboxData();
  const few = [...patients].sort((a, b) => a.resources.length - b.resources.length).slice(0, SANDBOX_PEOPLE);
  const sandbox = ndjson(...directory, ...few.flatMap(({ resources }) => resources));
  return [...made, ['set', ndjson(TEST_VALUE_SET)], ['sandbox', sandbox], ...published()];
}

function published(): readonly (readonly [string, string])[] {
  const bundles = ['patient_85.json', ...(DEEP ? ['patient_355.json'] : [])]
    .flatMap((name) => dataFiles('inferno-reference-data/resources', name))
    .map((file): [string, string] => [path.basename(file), readFileSync(file, 'utf8')]);
  const examples = dataFiles('us-core-igs', '_610.tgz').map((file): [string, string] => [
    'US Core examples',
    ndjson(...[...readPackage(file)].map(([, json]) => json as Resource).filter(isServed)),
  ]);
  return [...bundles, ...examples];
}

const isServed = ({ resourceType, id }: Resource): boolean =>
  id !== undefined && r4.types.some(({ name }) => name === resourceType);

/**
 * Sends a search and returns the ids of all matches.
 * @throws if the status isn't 200
 */
export async function idsOf(
  { server, token }: Pick<OracleServer, 'server' | 'token'>,
  type: string,
  query: string,
  byPost: boolean,
): Promise<ReadonlySet<string>> {
  const answer = byPost
    ? await post(server, token, `/${type}/_search`, `${query}&${ALL}`)
    : await server.get(token, `/${type}?${query}&${ALL}`, STRICT);
  if (answer.statusCode !== 200) throw new Error(`${type}?${query}: ${answer.statusCode} ${textOf(answer.json())}`);
  if (answer.body.includes('"relation":"next"')) throw new Error(`${type}?${query}: it is more than a page`);
  const found = [...answer.body.matchAll(/"fullUrl":"[^"]*\/([^/"]+)","resource"/g)].map(([, id = '']) => id);
  return new Set(found);
}

const STRICT = { prefer: 'handling=strict' };
const post = ({ app }: FhirServer, token: string, path: string, payload: string) =>
  app.inject({
    method: 'POST',
    url: `/api/fhir/r4${path}`,
    payload,
    headers: { ...STRICT, authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
  });

const textOf = ({ issue }: { issue: readonly { details?: { text?: string } }[] }): string =>
  issue[0]?.details?.text ?? '';
