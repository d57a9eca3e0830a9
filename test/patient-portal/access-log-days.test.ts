import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countAccessLogEntries, createAuditLog, listAccessLog } from '../../src/audit/index.ts';
import { systemRandom as random } from '../../src/kernel/index.ts';
import { TIME_ZONES } from '../../src/practices/index.ts';
import { addApp } from '../support/apps/apps.ts';
import { countOf, tableRows } from '../support/browser/html.ts';
import { findRecordId, type LivePerson } from '../support/people/live-patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { addPatientWithRecord, setTimeZone, signInBrowser } from './patients.ts';

let server: TestServer;
let person: LivePerson;
let client: string;
let whose: { readonly accountId: LivePerson['accountId']; readonly recordId: Awaited<ReturnType<typeof findRecordId>> };

/** Moments around daylight saving changes, the ends of years, and midnights that don't exist. */
const INSTANTS = [
  '2025-12-31T04:59:59.999Z',
  '2025-12-31T05:00:00.000Z',
  '2026-01-01T04:59:59.999Z',
  '2026-01-01T05:00:00.000Z',
  '2026-03-08T04:59:59.999Z',
  '2026-03-08T05:00:00.000Z',
  '2026-03-08T06:59:59.999Z',
  '2026-03-08T07:00:00.000Z',
  '2026-03-09T03:59:59.999Z',
  '2026-03-09T04:00:00.000Z',
  '2026-04-05T03:59:59.999Z',
  '2026-04-05T04:00:00.000Z',
  '2026-09-06T03:59:59.999Z',
  '2026-09-06T04:00:00.000Z',
  '2026-11-01T03:59:59.999Z',
  '2026-11-01T04:00:00.000Z',
  '2026-11-01T05:30:00.000Z',
  '2026-11-01T06:30:00.000Z',
  '2026-11-02T04:59:59.999Z',
  '2026-11-02T05:00:00.000Z',
];

beforeAll(async () => {
  server = await startServer();
  person = await addPatientWithRecord(server);
  client = (await addApp(server)).client_id;
  whose = { accountId: person.accountId, recordId: await findRecordId(server, person) };
  for (const at of INSTANTS) {
    const clock = { now: () => new Date(at) };
    await createAuditLog({ db: server.db, clock, random }).append({
      kind: 'read',
      outcome: 'success',
      recordId: whose.recordId,
      clientId: client as never,
      type: 'Patient',
      resources: 1,
    });
  }
});
afterAll(() => server.close());

const dayIn = (zone: string, at: string) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(new Date(at));

describe('a day of the access log', () => {
  it.each([
    ['2025-12-31', 2],
    ['2026-01-01', 1],
    ['2026-03-07', 1],
    ['2026-03-08', 4],
    ['2026-10-31', 1],
    ['2026-11-01', 4],
    ['2026-11-02', 1],
  ])('in New York, %s: has 23, 24 or 25 hours, and reaches to the year’s last millisecond', async (day, expected) => {
    const browser = await signInBrowser(server, person);
    const query = new URLSearchParams({ app: client, from: day, to: day });
    const { body } = await browser.get(`/account/${person.key}/log?${query}`);
    expect(tableRows(body)).toHaveLength(expected);
    expect(countOf(body, 'caption')).toBe(1);
  });

  it('in every zone: an entry is found by the day that the list shows, and by no other', async () => {
    const about = fc.tuple(fc.constantFrom(...TIME_ZONES), fc.constantFrom(...INSTANTS));
    await fc.assert(
      fc.asyncProperty(about, async ([zone, at]) => {
        const day = dayIn(zone, at);
        const filter = { zone, app: client, from: day, to: day };
        const expected = INSTANTS.filter((one) => dayIn(zone, one) === day);
        const found = await listAccessLog(server.db, whose, filter, { after: undefined, limit: 50 });
        expect(found.entries.map((entry) => entry.at.toISOString()).toSorted()).toEqual(expected);
        expect(await countAccessLogEntries(server.db, whose, filter)).toBe(expected.length);
      }),
      { numRuns: 150 },
    );
  });

  it('in a zone without that midnight starts at the first existing time', async () => {
    await setTimeZone(server, 'America/Santiago');
    const browser = await signInBrowser(server, person);
    const on = async (day: string) =>
      tableRows(await browser.get(`/account/${person.key}/log?app=${client}&from=${day}&to=${day}`)).length;
    expect({ fifth: await on('2026-09-05'), sixth: await on('2026-09-06') }).toEqual({ fifth: 1, sixth: 1 });
    await setTimeZone(server, 'America/New_York');
  });
});

describe('an access log cursor that was tampered with', () => {
  it.each([
    '0-00000000-0000-0000-0000-000000000000',
    '99999999999999-ffffffff-ffff-ffff-ffff-ffffffffffff',
    '-1-00000000-0000-4000-8000-000000000000',
    '1e9-00000000-0000-4000-8000-000000000000',
    "1'-00000000-0000-4000-8000-000000000000",
    '1-00000000-0000-4000-8000-00000000000g',
    '\u0000',
  ])('%j: is a position or ignored; it never causes an error or shows another record’s entries', async (before) => {
    const browser = await signInBrowser(server, person);
    const page = await browser.get(`/account/${person.key}/log?${new URLSearchParams({ before, app: client })}`);
    expect(page.status).toBe(200);
    expect(tableRows(page).length).toBeLessThanOrEqual(INSTANTS.length);
  });
});
