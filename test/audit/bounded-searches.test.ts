import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AuditKind,
  type AuditLogFilter,
  type AuditLogPosition,
  countAccessLogEntries,
  findGrantUsage,
  listAccessLog,
  listReaderApps,
  searchAuditLog,
} from '../../src/audit/index.ts';
import { type AccountId, days, type GrantId, later, type RecordId, systemRandom } from '../../src/kernel/index.ts';
import { emptyTables } from '../support/database/empty-database.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';
import { createKeeper } from './audit-keeper.ts';

const { db, run } = cliDatabase();
beforeEach(() => emptyTables(db()));

const NOW = new Date('2026-11-20T12:00:00Z');
const MONTHS = ['2026_09', '2026_10', '2026_11'];
const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const ACCOUNT = uuid(1) as AccountId;
const RECORD = 77 as RecordId;

beforeAll(async () => {
  for (const month of MONTHS)
    await db().queryText(`select create_audit_partition('${month.replace('_', '-')}-01')`, []);
});

interface Event {
  readonly at: Date;
  readonly id: string;
  readonly kind: AuditKind;
  readonly outcome: 'success' | 'failure';
  readonly request_id: string;
  readonly record_id: number | null;
  readonly account_id: string | null;
  readonly client_id: string | null;
  readonly grant_id?: string;
}

/** Stores events of any time, as servers did at that time. */
const store = (events: readonly Event[]) =>
  db().transaction(async (tx) => {
    await tx.queryText('set local session_replication_role = replica', []);
    await tx.queryText(
      `insert into audit_event (at, id, kind, outcome, request_id, record_id, account_id, client_id, grant_id)
       select * from json_to_recordset($1) as e (at timestamptz, id uuid, kind text, outcome text, request_id text,
         record_id int8, account_id uuid, client_id text, grant_id uuid)`,
      [JSON.stringify(events)],
    );
  });

/** Reads of one record by one account with one app, one each second, the newest first. */
const reads = (count: number, facts: Partial<Event> = {}): Event[] =>
  Array.from({ length: count }, (_, n) => ({
    ...{ at: later(NOW, -n * 1000), id: systemRandom.uuid(), kind: 'read', outcome: 'success', request_id: `r-${n}` },
    ...{ record_id: RECORD, account_id: ACCOUNT, client_id: 'busy', ...facts },
  }));

/** Follows the pages of a search to its end. */
async function searchAll(filter: AuditLogFilter, limit: number) {
  const ids: string[] = [];
  const pages: number[] = [];
  let after: AuditLogPosition | undefined;
  do {
    const page = await searchAuditLog(db(), filter, { after, limit });
    ids.push(...page.entries.map(({ id }) => id));
    pages.push(page.entries.length);
    expect(page.entries.length).toBeLessThanOrEqual(limit);
    after = page.next;
  } while (after !== undefined);
  return { ids, pages };
}

describe('a search of the audit log', () => {
  it('finds the same events with every filter and page size, in months with and without indexes', async () => {
    const kinds: readonly AuditKind[] = ['read', 'search', 'sign-in', 'consent', 'key'];
    const pick = <Value>(values: readonly Value[], n: number): Value => values[n % values.length] as Value;
    const events = Array.from({ length: 300 }, (_, n): Event => {
      const x = (n * 7919) % 1009;
      return {
        at: later(NOW, -days(60) * (x / 1009)),
        id: systemRandom.uuid(),
        kind: pick(kinds, x),
        outcome: x % 7 === 0 ? 'failure' : 'success',
        request_id: `r-${x % 11}`,
        record_id: pick([1, 2, null], x),
        account_id: pick([uuid(1), uuid(2), null], x >> 1),
        client_id: pick(['a', 'b', null], x >> 2),
      };
    });
    await store(events);
    const optional = <Value>(...values: readonly Value[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const filters = fc.record({
      kinds: fc.option(fc.subarray([...kinds], { minLength: 1 }), { nil: undefined }),
      outcome: optional('success', 'failure'),
      clientId: optional('a', 'b', 'c'),
      accountId: optional(uuid(1), uuid(2), uuid(3)),
      requestId: fc.option(fc.constant('r-3'), { nil: undefined, freq: 5 }),
      recordId: optional(1, 3),
      from: fc.constantFrom(later(NOW, -days(61)), later(NOW, -days(25)), new Date('2026-10-01T00:00:00Z')),
      to: fc.constantFrom(later(NOW, days(1)), later(NOW, -days(21))),
    });
    const isMatch = (filter: AuditLogFilter) => (event: Event) =>
      event.at >= filter.from &&
      event.at < filter.to &&
      (filter.kinds?.includes(event.kind) ?? true) &&
      [undefined, event.outcome].includes(filter.outcome) &&
      [undefined, event.client_id].includes(filter.clientId) &&
      [undefined, event.account_id].includes(filter.accountId) &&
      [undefined, event.request_id].includes(filter.requestId) &&
      (filter.recordId === undefined || filter.recordId === event.record_id);
    const newestFirst = (one: Event, other: Event) =>
      other.at.getTime() - one.at.getTime() || (one.id < other.id ? 1 : -1);
    const check = () =>
      fc.assert(
        fc.asyncProperty(filters, fc.constantFrom(1, 7, 100), async (filter, limit) => {
          const search = filter as AuditLogFilter;
          const expected = events.filter(isMatch(search)).toSorted(newestFirst);
          expect((await searchAll(search, limit)).ids).toEqual(expected.map(({ id }) => id));
        }),
        { numRuns: 30 },
      );
    await check();
    await db().queryText(
      ['account', 'kind', 'failure'].map((name) => `drop index audit_event_2026_10_${name}`).join('; '),
      [],
    );
    await check();
    await createKeeper(db(), undefined).keep();
    expect(await db().queryText("select to_regclass('audit_event_2026_10_kind') is not null as made", [])).toEqual([
      { made: true },
    ]);
  });

  it('stops after 2,000 events of an account of which few match, and goes on from there', async () => {
    const rare = reads(1, { at: later(NOW, -days(1)), kind: 'consent', id: uuid(9) });
    await store([...reads(2100), ...rare]);
    const filter = { from: later(NOW, -days(30)), to: later(NOW, 1), accountId: ACCOUNT, kinds: ['consent'] } as const;
    const first = await searchAuditLog(db(), filter, { after: undefined, limit: 50 });
    expect(first).toMatchObject({ entries: [], isStopped: true, next: { at: later(NOW, -1999 * 1000) } });
    expect(await searchAll(filter, 50)).toEqual({ ids: [uuid(9)], pages: [0, 1] });
    const found = await run('audit', 'search', '--account', ACCOUNT, '--kind', 'consent', '--from', '2026-11-01');
    expect(found.answer).toMatchObject([{ id: uuid(9) }]);
  });
});

describe('the access log of a record with more than 2,000 events', () => {
  const reader = { accountId: ACCOUNT, recordId: RECORD };
  const list = (filter: { app?: string }, after?: AuditLogPosition, recordId = RECORD) =>
    listAccessLog(db(), { ...reader, recordId }, { zone: 'UTC', ...filter }, { after, limit: 50 });
  const old = reads(1, { at: later(NOW, -days(3)), id: uuid(8), client_id: 'old', grant_id: uuid(5) });

  beforeEach(async () => {
    await db().queryText(
      `insert into record (record_id, practice_id, patient_id) values (${RECORD}, 1, gen_random_uuid());
       insert into representation (account_id, record_id) values ('${ACCOUNT}', ${RECORD})`,
      [],
    );
    await store([...reads(2100, { grant_id: uuid(4) }), ...old]);
  });

  it('is searched in steps, and no entry is left out', async () => {
    const first = await list({ app: 'old' });
    expect(first).toMatchObject({ entries: [], isStopped: true });
    expect(await list({ app: 'old' }, first.next)).toMatchObject({ entries: [{ id: uuid(8) }], next: undefined });
    expect(await list({ app: 'busy' })).toMatchObject({ entries: { length: 50 }, isStopped: false });
  });

  it('is searched in steps also if another record was merged into it', async () => {
    const other = 78 as RecordId;
    await db().queryText(
      `insert into record (record_id, practice_id, patient_id) values (${other}, 1, gen_random_uuid());
       update record set state = 'merged', merged_into = ${other} where record_id = ${RECORD};
       insert into representation (account_id, record_id) values ('${ACCOUNT}', ${other})`,
      [],
    );
    const [newer] = reads(1, { at: later(NOW, 1000), id: uuid(7), record_id: other, client_id: 'old' });
    await store(newer === undefined ? [] : [newer]);
    const first = await list({ app: 'old' }, undefined, other);
    expect(first).toMatchObject({ entries: [{ id: uuid(7) }], isStopped: true });
    expect(await list({ app: 'old' }, first.next, other)).toMatchObject({ entries: [{ id: uuid(8) }] });
  });

  it('has no total and no complete list of apps, and says since when the reads of an app are counted', async () => {
    expect(await countAccessLogEntries(db(), reader, { zone: 'UTC' })).toBeUndefined();
    expect(await countAccessLogEntries(db(), reader, { zone: 'UTC', to: '2026-11-18' })).toBe(1);
    expect((await listReaderApps(db(), reader, undefined)).isComplete).toBe(false);
    const since = later(NOW, -1999 * 1000);
    const grants = [uuid(4), uuid(5)] as GrantId[];
    expect(Object.fromEntries(await findGrantUsage(db(), reader, grants, undefined))).toEqual({
      [uuid(4)]: { reads: 2000, last: NOW, since },
      [uuid(5)]: { reads: 0, last: undefined, since },
    });
  });
});
