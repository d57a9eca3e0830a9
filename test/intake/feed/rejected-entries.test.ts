import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../../src/audit/index.ts';
import {
  classifyRejection,
  listRejectedEntries,
  purgeRejectedEntries,
  retryRejectedEntries,
} from '../../../src/intake/index.ts';
import { days, later, type PracticeId, systemRandom } from '../../../src/kernel/index.ts';
import {
  type BundleEntry,
  entryResponses,
  feedToken,
  makeBundle,
  postEntry,
  putEntry,
  sendBundle,
  writtenId,
} from '../../support/fhir/feed.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { mergeNotifier } from '../../support/people/merged-people.ts';

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  token = await feedToken(server);
});
afterAll(() => server.close());
beforeEach(() => server.db.queryText('delete from refused_entry', []));

const ONE = 1 as PracticeId;
const batch = async (...entries: readonly BundleEntry[]) =>
  entryResponses(await sendBundle(server, token, makeBundle('batch', ...entries)));
const person = (id: string, more: object = {}) => putEntry({ resourceType: 'Patient', id, ...more } as never);
const observation = (id: string, subject: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'secret words' },
  subject: { reference: subject },
  ...more,
});
const listStored = () => listRejectedEntries(server.db, [ONE]);
const retry = () => {
  const { db, clock } = server;
  const random = systemRandom;
  return retryRejectedEntries(
    {
      db,
      clock,
      random,
      projections: [],
      audit: createAuditLog({ db, clock, random }),
      notifier: mergeNotifier(clock),
    },
    ONE,
  );
};

describe('rejected entries of a batch are stored', () => {
  it('with their source and reason, once for each resource, the latest', async () => {
    await batch(putEntry(observation('a', 'Patient/nobody')));
    await batch(
      putEntry(observation('a', 'Patient/nobody', { valueString: 'newer' })),
      putEntry(observation('b', 'Patient?identifier=urn:mrn|none')),
    );
    expect(await listStored()).toEqual([
      expect.objectContaining({
        source: 'app:ehr',
        type: 'Observation',
        sourceId: 'a',
        waits: true,
        reason: expect.stringContaining('patient is unknown'),
      }),
      expect.objectContaining({ sourceId: 'b', waits: true }),
    ]);
    expect(JSON.stringify(await listStored())).not.toContain('secret');
    const rows = await server.db.queryText<{ content: string }>('select content from refused_entry', []);
    expect(rows.some(({ content }) => content.includes('newer'))).toBe(true);
  });

  it('and classified by what the practice has to know', async () => {
    const other = await feedToken(server, 'other', [1], 'system/*.cruds');
    const [theirs] = entryResponses(
      await sendBundle(server, other, makeBundle('batch', postEntry({ resourceType: 'Patient' } as never))),
    );
    const { subject: _none, ...withoutPatient } = observation('nobodys', '');
    await batch(person('first'), person('second'), putEntry(observation('moved', 'Patient/first')));
    await batch(
      putEntry(observation('early', 'Patient/nobody')),
      putEntry(observation('early-mrn', 'Patient?identifier=urn:mrn|none')),
      putEntry(
        observation('early-order', 'Patient/first', { basedOn: [{ reference: 'ServiceRequest?identifier=urn:o|1' }] }),
      ),
      putEntry(withoutPatient),
      putEntry(observation('moved', 'Patient/second')),
      person(theirs === undefined ? '' : writtenId(theirs)),
    );
    const problems = (await listStored()).map((entry) => [entry.sourceId, classifyRejection(entry)]);
    expect(Object.fromEntries(problems)).toEqual({
      early: 'waiting-for-patient',
      'early-mrn': 'waiting-for-patient',
      'early-order': 'waiting-for-data',
      nobodys: 'unclear-patient',
      moved: 'wrong-patient',
      [theirs === undefined ? '' : writtenId(theirs)]: 'other-source',
    });
    const [waiting] = await listStored();
    expect(classifyRejection({ reason: waiting?.reason ?? '', waits: false })).toBe('unknown-patient');
  });

  it('except those that the app may not send, non-entries, and those of transactions', async () => {
    const narrow = await feedToken(server, 'narrow', [1], 'system/Patient.cud');
    await sendBundle(server, narrow, makeBundle('batch', putEntry(observation('a', 'Patient/nobody'))));
    await sendBundle(server, token, makeBundle('transaction', putEntry(observation('a', 'Patient/nobody'))));
    await batch(
      { request: { method: 'DELETE', url: 'Patient/x' } },
      { request: { method: 'PATCH', url: 'Patient/x' } },
    );
    await batch(putEntry(observation('large', 'Patient/nobody', { note: [{ text: 'x'.repeat(300_000) }] })));
    expect(await listStored()).toEqual([]);
  });

  it('up to a thousand per source, for thirty days', async () => {
    const many = Array.from({ length: 1005 }, (_, i) => putEntry(observation(`many-${i}`, 'Patient/nobody')));
    await batch(...many);
    expect((await listStored()).length).toBe(1000);
    await purgeRejectedEntries(server.db, later(server.clock.now(), -days(30)));
    expect((await listStored()).length).toBe(1000);
    await purgeRejectedEntries(server.db, later(server.clock.now(), 1));
    expect(await listStored()).toEqual([]);
  });
});

describe('an entry that waits for a reference', () => {
  it('is written when its target has arrived, and is in the audit log', async () => {
    await batch(
      putEntry(observation('w1', 'Patient/late')),
      putEntry(observation('w2', 'Patient?identifier=urn:mrn|late')),
      postEntry(observation('w3', 'Patient/late')),
      putEntry(observation('w4', 'Patient/later-still')),
    );
    const answer = await sendBundle(
      server,
      token,
      makeBundle('transaction', person('late', { identifier: [{ system: 'urn:mrn', value: 'late' }] })),
    );
    const [patient] = entryResponses(answer);
    const found = (await server.get(token, `/Observation?patient=${writtenId(patient ?? { status: '' })}`)).json();
    expect(found.total).toBe(3);
    expect((await listStored()).map(({ sourceId }) => sourceId)).toEqual(['w4']);
    const [event] = await server.db
      .queryText<{ resources: number; detail: object }>(
        "select resources, detail from audit_event where kind = 'write' order by at desc, id desc limit 50",
        [],
      )
      .then((rows) => rows.filter(({ detail }) => 'retried' in detail));
    expect(event).toMatchObject({ resources: 4, detail: { created: 1, retried: 3 } });
  });

  it('never overwrites what was accepted since', async () => {
    await batch(putEntry(observation('since', 'Patient/since', { valueString: 'old' })));
    const [, made] = await batch(
      person('since'),
      putEntry(observation('since', 'Patient/since', { valueString: 'new' })),
    );
    expect(await listStored()).toEqual([]);
    await batch(person('someone'));
    const read = await server.get(token, `/Observation/${writtenId(made ?? { status: '' })}`);
    expect({ valueString: read.json().valueString, versionId: read.json().meta.versionId }).toEqual({
      valueString: 'new',
      versionId: '1',
    });
  });

  it('is dropped when the source deletes it', async () => {
    await batch(putEntry(observation('unsaid', 'Patient/unsaid')));
    await batch({ request: { method: 'DELETE', url: 'Observation/unsaid' } });
    expect(await listStored()).toEqual([]);
  });

  it('is written only for the app that sent it, with that app’s current access', async () => {
    await batch(putEntry(observation('theirs', 'Patient?identifier=urn:mrn|shared')));
    const shared = person('shared', { identifier: [{ system: 'urn:mrn', value: 'shared' }] });
    const other = await feedToken(server, 'other');
    await sendBundle(server, other, makeBundle('transaction', shared));
    expect((await listStored()).length).toBe(1);
    const less = await feedToken(server, 'ehr', [1], 'system/Patient.cud');
    await sendBundle(server, less, makeBundle('transaction', person('x1')));
    expect((await listStored()).length).toBe(1);
  });
});

describe('the operator', () => {
  it('retries all, and is shown how many were written; that is in the audit log', async () => {
    await batch(
      putEntry(observation('r1', 'Patient?identifier=urn:mrn|mended')),
      putEntry(observation('r2', 'Patient/never')),
    );
    expect(await retry()).toEqual({ tried: 2, written: 0 });
    await server.load([
      {
        resourceType: 'Patient',
        id: '0000000e-0000-4000-8000-000000000000',
        identifier: [{ system: 'urn:mrn', value: 'mended' }],
      },
    ]);
    expect(await retry()).toEqual({ tried: 2, written: 1 });
    expect((await listStored()).map(({ sourceId }) => sourceId)).toEqual(['r2']);
    const [row] = await server.db.queryText<{ detail: object; client_id: string }>(
      "select client_id, detail from audit_event where detail->>'by' = 'operator' and (detail->>'written')::int = 1",
      [],
    );
    expect(row).toEqual({
      client_id: 'ehr',
      detail: { practice: 1, bundle: 'retry', by: 'operator', tried: 2, written: 1 },
    });
  });

  it('doesn’t give one source what another one sent', async () => {
    const [made] = await batch(person('owner'));
    const other = await feedToken(server, 'other');
    const stolen = { resourceType: 'Patient', id: writtenId(made ?? { status: '' }), gender: 'other' };
    await sendBundle(server, other, makeBundle('batch', putEntry(stolen)));
    expect((await listStored()).map(({ source, waits }) => [source, waits])).toEqual([['app:other', false]]);
    expect(await retry()).toEqual({ tried: 1, written: 0 });
    expect((await server.get(token, `/Patient/${stolen.id}`)).body).not.toContain('other');
  });
});
