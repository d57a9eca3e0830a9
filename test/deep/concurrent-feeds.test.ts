import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { purgeIdClaims } from '../../src/fhir/store/id-registry/purge-id-claims.ts';
import { addBackendApp, callApi, LIVE } from '../fhir/export/export-client.ts';
import { type BundleEntry, type EntryResponse, makeBundle, postEntry, putEntry } from '../support/fhir/feed.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

/** Feeds that write at the same time, Bundles of each, and patients that all of them write about. */
const FEEDS = 4;
const BUNDLES = Number(process.env['FEED_BUNDLES'] ?? 20);
const PATIENTS = 6;
/** Connections of each feed. A Bundle of a feed can overlap with others of the same feed. */
const CONNECTIONS = 2;

let server: TestServer;
let feeds: readonly string[];
let reader: string;

beforeAll(async () => {
  server = await startServer();
  feeds = await Promise.all(
    Array.from({ length: FEEDS }, async () =>
      (await addBackendApp(server, { practiceIds: [LIVE], scope: 'system/*.cruds' })).token(),
    ),
  );
  reader = await (await addBackendApp(server, { practiceIds: [LIVE] })).token();
  await send(feeds[0] ?? '', ...Array.from({ length: PATIENTS }, (_, number) => putEntry(person(number))));
}, 120_000);
afterAll(() => server?.close());

const uuid = (kind: number, number: number) => `00000000-0000-4000-${8000 + kind}-${String(number).padStart(12, '0')}`;
const person = (number: number) => ({
  resourceType: 'Patient',
  id: uuid(0, number),
  name: [{ family: `Feed ${number}` }],
  birthDate: '1980-02-03',
});
const result = (id: string, patient: number, value: number, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject: { reference: `Patient/${uuid(0, patient)}` },
  valueInteger: value,
  ...more,
});

/** A generator of the same numbers in each run (mulberry32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

async function send(token: string, ...entries: readonly BundleEntry[]): Promise<readonly EntryResponse[]> {
  const response = await callApi(server, token, '', {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    payload: JSON.stringify(makeBundle('batch', ...entries)),
  });
  expect(response.statusCode, response.body).toBe(200);
  return response.json().entry.map((one: { response: EntryResponse }) => one.response);
}

/** Results of the feeds, from the responses that they got. */
interface Sent {
  /** Versions that were written, as `Observation/id/_history/version`. */
  readonly written: string[];
  readonly statuses: Map<string, number>;
}

/**
 * Sends Bundles of random entries about random patients, over several connections: new results, changes of the feed's own
 * ones, deletions, ids that other feeds use at the same time for other patients, conditional creates that all feeds
 * make, and changes of the directory.
 */
async function runFeed(number: number, sent: Sent): Promise<void> {
  const token = feeds[number] ?? '';
  const below = randomNumbers(number + 1);
  let next = 0;
  const entry = (bundle: number): BundleEntry => {
    const patient = below(PATIENTS);
    switch (below(12)) {
      case 0:
        return { request: { method: 'DELETE', url: `Observation/fixed-${number}-${patient}` } };
      case 1:
        return putEntry(result(uuid(1, bundle), patient, number));
      case 2: {
        const identifier = [{ system: 'urn:accession', value: String(bundle) }];
        return postEntry(result('x', bundle % PATIENTS, number, { identifier }), undefined, {
          ifNoneExist: `identifier=urn:accession|${bundle}`,
        });
      }
      case 3:
        return putEntry({ resourceType: 'Organization', id: `org-${below(3)}`, name: `Org ${below(4)}` } as never);
      case 4:
      case 5:
      case 6:
        // The patient of a result never changes, so it follows from the id.
        return putEntry(result(`fixed-${number}-${patient}`, patient, below(1000)));
      default:
        next += 1;
        return putEntry(result(`new-${number}-${next}`, patient, next));
    }
  };
  const entryKey = ({ request: { method, url } }: BundleEntry) => (method === 'POST' ? method : url);
  let begun = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (begun < BUNDLES) {
        const bundle = begun;
        begun += 1;
        const entries = Array.from({ length: 1 + below(8) }, () => entry(bundle));
        const distinct = [...new Map(entries.map((one) => [entryKey(one), one])).values()];
        for (const { status, location } of await send(token, ...distinct)) {
          sent.statuses.set(status, (sent.statuses.get(status) ?? 0) + 1);
          if ((status.startsWith('201') || status.startsWith('200')) && location?.startsWith('Observation/'))
            sent.written.push(location);
        }
      }
    }),
  );
}

/** Asks for the changes since the latest one that it has seen, as an app does, until the feeds have ended. */
async function poll(isEnded: () => boolean): Promise<readonly string[]> {
  const seen: string[] = [];
  let since = '2000-01-01T00:00:00Z';
  for (let isLast = false; !isLast; ) {
    isLast = isEnded();
    let page: string | undefined = `/Observation?_lastUpdated=gt${since}&_sort=_lastUpdated&_count=20`;
    while (page !== undefined) {
      const response = await callApi(server, reader, page);
      expect(response.statusCode, response.body).toBe(200);
      const { entry = [], link = [] } = response.json();
      for (const { resource } of entry) {
        seen.push(`Observation/${resource.id}/_history/${resource.meta.versionId}`);
        expect(resource.meta.lastUpdated >= since).toBe(true);
        since = resource.meta.lastUpdated;
      }
      page = link.find(({ relation }: { relation: string }) => relation === 'next')?.url;
    }
  }
  return seen;
}

/** Deletes the claims of ids all the time, which a task does every five minutes. */
async function purgeClaims(isEnded: () => boolean): Promise<void> {
  while (!isEnded()) {
    await purgeIdClaims(server.db);
    await turn();
  }
}

const rows = <Row>(sql: string) => server.db.queryText<Row>(sql, []);

it(`${FEEDS} feeds that write about the same patients lose and repeat nothing, and a client sees each change once`, {
  timeout: 300_000,
}, async () => {
  const sent: Sent = { written: [], statuses: new Map() };
  let isEnded = false;
  const polled = poll(() => isEnded);
  const purged = purgeClaims(() => isEnded);
  await Promise.all(feeds.map((_, number) => runFeed(number, sent)));
  // The last search begins when everything is committed and the millisecond of the last change has passed.
  await expect
    .poll(
      async () => (await callApi(server, reader, '/Observation?_lastUpdated=gt2000-01-01&_summary=count')).json().total,
    )
    .toBe(
      (
        await rows<{ n: number }>(
          `select count(*)::int4 as n from resource r join record o using (record_id) where r.type = 'Observation' and o.practice_id = ${LIVE}`,
        )
      )[0]?.n,
    );
  isEnded = true;
  const seen = await polled;
  await purged;
  await purgeIdClaims(server.db);
  expect(await rows('select from resource_key')).toEqual([]);

  expect([...sent.statuses.keys()].filter((status) => status.startsWith('5'))).toEqual([]);
  const current = await rows<{ name: string }>(
    `select 'Observation/' || r.id || '/_history/' || r.version as name from resource r
     join record o using (record_id) where o.practice_id = ${LIVE} and r.type = 'Observation'`,
  );
  const missed = current.map(({ name }) => name).filter((name) => !seen.includes(name));
  expect({ missed, repeated: seen.length - new Set(seen).size }).toEqual({ missed: [], repeated: 0 });
  const written = new Set(sent.written);
  expect(seen.filter((name) => !written.has(name))).toEqual([]);

  const duplicates = await rows(
    `select r.type, r.id from resource r join record o using (record_id) where o.practice_id = ${LIVE}
     group by 1, 2 having count(*) > 1`,
  );
  const twice = await rows(
    `select r.content::jsonb #>> '{identifier,0,value}' as value from resource r join record o using (record_id)
     where o.practice_id = ${LIVE} and r.content::jsonb ? 'identifier' and r.type = 'Observation'
     group by 1 having count(*) > 1`,
  );
  expect({ duplicates, twice }).toEqual({ duplicates: [], twice: [] });

  const gaps = await rows(
    `with v as (
       select record_id, type, id, version, last_updated from resource where type = 'Observation'
       union all select record_id, type, id, version, last_updated from resource_history where type = 'Observation'
       union all select record_id, type, id, version, deleted_at from tombstone where type = 'Observation')
     select * from (
       select v.*, row_number() over w as n, lag(last_updated) over w as before from v
         join record o using (record_id) where o.practice_id = ${LIVE} window w as (partition by type, id order by v.version)) v
     where v.version <> n or v.last_updated < before`,
  );
  expect(gaps).toEqual([]);
  const [counts] = await rows<{ changes: number; inputs: number }>(
    `select sum(created + updated + deleted)::int4 as changes, sum(inputs)::int4 as inputs from intake_day
     where practice_id = ${LIVE} and source like 'app:%'`,
  );
  expect(counts?.inputs).toBe(FEEDS * BUNDLES + 1);
});
