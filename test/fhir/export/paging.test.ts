import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessGrant, parseScopes } from '../../../src/access/index.ts';
import type { Executor } from '../../../src/database/index.ts';
import { enforceExport } from '../../../src/fhir/authorization/enforce.ts';
import { planExport } from '../../../src/fhir/export/plan-export.ts';
import { r4 } from '../../../src/fhir/index.ts';
import {
  type ExportPosition,
  FIRST_EXPORT_POSITION,
  fetchExportPage,
} from '../../../src/fhir/store/query/export-page.ts';
import type { PracticeId } from '../../../src/kernel/index.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { id, observation, patient } from './export-client.ts';

/** Number of resources in the large record. Two other records are small. */
const MANY = 3000;
const PAGE = 100;

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
  await server.load([1, 2, 3].flatMap((number) => [patient(number), observation(10 + number, number)]));
  await server.db.queryText(
    `insert into resource (record_id, type, id, version, last_updated, digest, content, indexed_by)
     select r.record_id, t.type, n.id, 1, r.last_updated, r.digest, r.content, r.indexed_by
     from resource r cross join (values ('Condition'), ('Observation'), ('Procedure')) t (type)
     cross join lateral (
       select ('aaaaaaaa-0000-4000-8000-' || lpad(to_hex(k), 12, '0'))::uuid as id from generate_series(1, $2::int / 3) k) n
     where r.type = 'Observation' and r.id = $1`,
    [id(12), MANY],
  );
  // A resource changed after the export's instant. Its earlier version is in the history.
  await server.db.queryText(
    `with one as (select * from resource where type = 'Procedure' and id::text like '%00000000%a')
     insert into resource_history (record_id, type, id, version, last_updated, content)
     select record_id, type, id, version, last_updated, content from one`,
    [],
  );
  await server.db.queryText(
    `update resource set version = 2, last_updated = $1 where type = 'Procedure' and id::text like '%00000000%a'`,
    [AFTER],
  );
  await server.db.queryText('analyze resource, resource_history, record', []);
});
afterAll(() => server.close());

const UNTIL = new Date('2030-01-01T00:00:00Z');
const AFTER = new Date('2030-01-02T00:00:00Z');

const grant = (): AccessGrant => ({
  grantId: id(1) as never,
  familyId: 'f',
  clientId: 'c' as never,
  accountId: undefined,
  record: undefined,
  practices: [1 as PracticeId],
  apis: ['r4'],
  scopes: parseScopes('system/*.rs').scopes,
  practiceEnabled: true,
  withheld: [],
  fhirUser: undefined,
});

/** Number of resource rows that the transaction has read so far. */
async function fetchedBy(tx: Executor): Promise<number> {
  const [seen] = await tx.queryText<{ fetched: number }>(
    `select (idx_tup_fetch + seq_tup_read)::int4 as fetched from pg_stat_xact_user_tables where relname = 'resource'`,
    [],
  );
  return seen?.fetched ?? 0;
}

interface PageOptions {
  readonly since?: Date;
  readonly maxCompartments?: number;
}

/** Returns one page of an export, and the number of resource rows that were read for it. */
async function pageAfter(after: ExportPosition, { since, maxCompartments = 3 }: PageOptions = {}) {
  const { types } = r4;
  const context = { grant: grant(), version: r4, base: 'http://localhost', now: UNTIL };
  const wanted = types
    .filter(({ compartment }) => compartment === 'record')
    .map((served) => ({ served, conditions: [] }));
  const [query] = enforceExport(context, wanted, undefined);
  if (query === undefined) throw new Error('no query');
  return server.db.transaction(async (tx) => {
    await tx.queryText('set local enable_bitmapscan = off', []);
    const slice = { groupId: undefined, since, until: UNTIL, after };
    const before = await fetchedBy(tx);
    const page = await fetchExportPage(tx, query, slice, {
      onePerRow: true,
      size: { maxResources: PAGE, maxCompartments },
    });
    return { page, fetched: (await fetchedBy(tx)) - before };
  });
}

describe('pages of an export within a large record (docs/decisions/032)', () => {
  it('continue where the last one ended: each resource comes once, and none is read for another page', async () => {
    const seen: string[] = [];
    const fetched: number[] = [];
    for (let after: ExportPosition | undefined = FIRST_EXPORT_POSITION; after !== undefined; ) {
      const { page, fetched: read } = await pageAfter(after);
      fetched.push(read);
      seen.push(...page.rows.map(({ home, type, id: own }) => `${home} ${type} ${own}`));
      after = page.next;
    }
    const all = await server.db.queryText<{ name: string }>(
      `select r.record_id || ' ' || type || ' ' || id as name from resource r join record x using (record_id)
       where x.practice_id = $1 order by record_id, type, id`,
      [1 as PracticeId],
    );
    expect(seen).toEqual(all.map(({ name }) => name));
    // A page reads its own rows, at most as many of the next record, and the few that changed since.
    expect(Math.max(...fetched)).toBeLessThan(3 * PAGE);
  });

  it('read a limited number of patient records, even if nothing in them is exported', async () => {
    const pages: (readonly number[])[] = [];
    for (let after: ExportPosition | undefined = FIRST_EXPORT_POSITION; after !== undefined; ) {
      const { page, fetched } = await pageAfter(after, { since: AFTER, maxCompartments: 2 });
      pages.push([page.lines, page.compartments, page.completed]);
      expect(fetched).toBeLessThan(MANY);
      after = page.next;
    }
    expect(pages).toEqual([
      [0, 2, 2],
      [0, 1, 1],
    ]);
  });

  it('have the records of at most eight practices, if the export has a chain', async () => {
    const practices = [1, ...Array.from({ length: 9 }, (_, index) => index + 101)] as PracticeId[];
    for (const practiceId of practices.slice(1)) await server.load([patient(practiceId)], { practiceId });
    const context = { grant: { ...grant(), practices }, version: r4, base: 'http://localhost', now: UNTIL };
    const [query] = planExport(context, {
      types: ['Observation'],
      filters: [{ type: 'Observation', query: 'performer:Practitioner.family=Gray' }],
      elements: [],
      since: undefined,
      patients: undefined,
    });
    if (query === undefined) throw new Error('no query');
    const read: number[] = [];
    for (let after: ExportPosition | undefined = FIRST_EXPORT_POSITION; after !== undefined; ) {
      const slice = { groupId: undefined, since: undefined, until: UNTIL, after };
      const size = { maxResources: PAGE, maxCompartments: 100 };
      const page = await fetchExportPage(server.db, query, slice, { onePerRow: true, size });
      read.push(page.compartments);
      after = page.next;
    }
    expect(Math.max(...read)).toBeLessThan(12);
    expect(read.reduce((sum, count) => sum + count)).toBe(12);
  });
});
