import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projection } from '../../../src/fhir/dstu2/index.ts';
import { r4 } from '../../../src/fhir/r4/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const weights = (of: string, from: number) =>
  Array.from({ length: 4 }, (_, index) => ({
    resourceType: 'Observation',
    id: `0000000${from + index}-0000-4000-8000-000000000000`,
    status: 'final',
    subject: { reference: `Patient/${of}` },
    code: { text: 'Weight' },
    effectiveDateTime: `2024-05-0${index + 1}`,
  }));

const VERSIONS = [
  { name: 'R4', version: r4, projections: [] },
  { name: 'DSTU2', version: dstu2, projections: [dstu2Projection] },
] as const;

describe.each(VERSIONS)(
  'a link to the next page is valid for its search alone (FHIR R4 http §3.1.0.12, paging): $name',
  ({ version, projections }) => {
    let server: FhirServer;
    let token: string;
    let bob: string;
    beforeAll(async () => {
      server = await startFhir({ version, projections });
      await server.load([patient(ANN, 'Ann'), patient(BOB, 'Bob'), ...weights(ANN, 1), ...weights(BOB, 5)]);
      token = await server.token(ANN);
      bob = await server.token(BOB);
    });
    afterAll(() => server.close());

    const get = (path: string, by = token) => server.get(by, path, { accept: 'application/json' });
    async function nextOf(path: string): Promise<URL> {
      const { link } = (await get(path)).json();
      return new URL(link.find(({ relation }: { relation: string }) => relation === 'next').url);
    }
    const changed = (url: URL, change: Record<string, string | undefined>): string => {
      const made = new URL(url);
      for (const [name, value] of Object.entries(change)) {
        if (value === undefined) made.searchParams.delete(name);
        else made.searchParams.set(name, value);
      }
      return made.href;
    };

    const SEARCH = '/Observation?status=final&_count=2';
    const OTHERS = [
      { change: { status: 'final,preliminary' } },
      { change: { status: undefined } },
      { change: { date: 'ge2024-05-02' } },
      { change: { _include: 'Observation:encounter' } },
      { change: { page: '2' } },
    ];
    it.each(OTHERS)('other parameters are rejected: $change', async ({ change }) => {
      const answer = await get(changed(await nextOf(SEARCH), change));
      expect(answer.statusCode).toBe(400);
      const [issue] = answer.json().issue;
      expect({ resourceType: answer.json().resourceType, text: issue.details.text }).toEqual({
        resourceType: 'OperationOutcome',
        text: expect.stringContaining('Follow the next link unchanged'),
      });
    });

    it('another type or another operation is rejected', async () => {
      const cursor = (await nextOf('/Observation?_count=2')).searchParams.get('_cursor');
      for (const path of ['Condition', 'Patient', 'Patient/$everything'])
        expect((await get(`/${path}?_cursor=${cursor}`)).statusCode, path).toBe(400);
    });

    it('another patient with the same search text is rejected', async () => {
      const next = await nextOf(SEARCH);
      expect((await get(next.href, bob)).statusCode).toBe(400);
    });

    it('another grant for the same patient is rejected', async () => {
      const other = await server.token(ANN);
      server.changeGrant(other, { grantId: '00000000-0000-4000-8000-00000000000f' as never });
      const next = await nextOf(SEARCH);
      expect((await get(next.href, other)).statusCode).toBe(400);
      expect((await get(next.href, await server.token(ANN))).statusCode).toBe(200);
    });

    const SAME = [
      {},
      { _count: '1' },
      { _format: 'json' },
      { _pretty: 'true' },
      { _elements: 'effective' },
      { _summary: 'data' },
      { _total: 'none' },
      { utm: 'unknown parameters are no part of a search' },
    ];
    it.each(SAME)('the format of the page may change: %o', async (change) => {
      const answer = await get(changed(await nextOf(SEARCH), change));
      expect(answer.statusCode).toBe(200);
      const [first] = answer.json().entry;
      expect(first.resource.effectiveDateTime).toBe('2024-05-02');
    });

    it('the order of the parameters may change, and GET may become POST', async () => {
      const next = await nextOf('/Observation?status=final&date=gt2023&_count=2');
      const pairs = new URLSearchParams([...next.searchParams].reverse()).toString();
      const posted = await server.app.inject({
        method: 'POST',
        url: '/api/fhir/r4/Observation/_search',
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
        },
        payload: pairs,
      });
      expect(posted.json().entry).toEqual((await get(next.href)).json().entry);
    });

    it('$everything: other parameters and another patient are rejected', async () => {
      const next = await nextOf('/Patient/$everything?_count=2');
      expect((await get(next.href)).statusCode).toBe(200);
      expect((await get(changed(next, { _count: '1' }))).statusCode).toBe(200);
      for (const change of [{ _type: 'Observation' }, { start: '2024' }, { _since: '2020-01-01T00:00:00Z' }])
        expect((await get(changed(next, change))).statusCode, JSON.stringify(change)).toBe(400);
      expect((await get(next.href, bob)).statusCode).toBe(400);
    });

    it('a cursor reveals no internal id of the record', async () => {
      const rows = await server.db.queryText<{ record_id: number }>('select record_id from record', []);
      const cursor = (await nextOf('/Patient/$everything?_count=2')).searchParams.get('_cursor') ?? '';
      const parts: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
      // Parts of a cursor: id list, position, id, total, instant and search.
      expect(parts.length).toBe(6);
      for (const { record_id } of rows) expect(parts).not.toContain(Number(record_id));
    });
  },
);
