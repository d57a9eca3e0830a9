import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { fileInput, importFiles } from '../../../src/intake/index.ts';
import { type PracticeId, systemRandom } from '../../../src/kernel/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { loadTexts, ndjson } from '../../support/fhir/load-texts.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const observation = (number: number, subject = ANN, more: object = {}) => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  code: {},
  subject: { reference: `Patient/${subject}` },
  ...more,
});

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const rows = <Row>(text: string) => server.db.queryText<Row>(text, []);
const recordVersion = async () =>
  (await rows<{ version: number }>('select version from record order by version desc'))[0]?.version;

describe('loading twice', () => {
  it('changes nothing, and reports that', async () => {
    const text = ndjson(patient(ANN, 'Ann'), observation(1), { resourceType: 'Organization', id: 'o' });
    expect(await loadTexts(server, { 'a.ndjson': text })).toEqual({
      records: 1,
      created: 3,
      updated: 0,
      unchanged: 0,
      skipped: {},
      refused: [],
    });
    const before = await rows('select * from resource order by id');
    const version = await recordVersion();
    server.clock.set(new Date('2027-01-01'));
    expect(await loadTexts(server, { 'a.ndjson': text })).toEqual({
      records: 1,
      created: 0,
      updated: 0,
      unchanged: 3,
      skipped: {},
      refused: [],
    });
    expect(await rows('select * from resource order by id')).toEqual(before);
    expect(await recordVersion()).toBe(version);
  });

  it('ignores the source’s own versions', async () => {
    await loadTexts(server, {
      'a.ndjson': ndjson(
        patient(ANN, 'Ann'),
        observation(1, ANN, { meta: { versionId: '1', lastUpdated: '2020-01-01T00:00:00Z' } }),
      ),
    });
    const again = ndjson(observation(1, ANN, { meta: { versionId: '2', lastUpdated: '2021-01-01T00:00:00Z' } }));
    expect(await loadTexts(server, { 'a.ndjson': again })).toMatchObject({ updated: 0, unchanged: 1 });
  });

  it('gives changed resources their next version, and preserves the previous one', async () => {
    await loadTexts(server, { 'a.ndjson': ndjson(patient(ANN, 'Ann'), observation(1), observation(2)) });
    const version = (await recordVersion()) ?? 0;
    server.clock.set(new Date('2027-01-01T00:00:00Z'));
    const report = await loadTexts(server, {
      'a.ndjson': ndjson(observation(1), observation(2, ANN, { status: 'amended' }), observation(3)),
    });
    expect(report).toMatchObject({ created: 1, updated: 1, unchanged: 1 });
    const answer = await server.get(await server.token(ANN), `/Observation/${id(2)}`);
    expect(answer.headers['etag']).toBe('W/"2"');
    expect(answer.json()).toMatchObject({
      status: 'amended',
      meta: { versionId: '2', lastUpdated: '2027-01-01T00:00:00.000Z' },
    });
    const history = await rows<{ id: string; version: number; content: string }>(
      'select id, version, content from resource_history',
    );
    expect(history).toEqual([{ id: id(2), version: 1, content: expect.stringContaining('"status":"final"') }]);
    expect(await recordVersion()).toBeGreaterThan(version);
  });

  it('stores the later of two with one id', async () => {
    await loadTexts(server, {
      'a.ndjson': ndjson(patient(ANN, 'Ann'), observation(1), observation(1, ANN, { status: 'amended' })),
    });
    expect((await server.get(await server.token(ANN), `/Observation/${id(1)}`)).json()).toMatchObject({
      status: 'amended',
      meta: { versionId: '1' },
    });
  });
});

describe('numbers', () => {
  it('stay as written (FHIR R4 §2.6.2)', async () => {
    const line = JSON.stringify(observation(1, ANN, { valueQuantity: { value: 0 } })).replace(
      '"value":0',
      '"value":1.50',
    );
    await loadTexts(server, { 'a.ndjson': `${ndjson(patient(ANN, 'Ann'))}\n${line}` });
    const token = await server.token(ANN);
    expect((await server.get(token, `/Observation/${id(1)}`)).body).toContain('"valueQuantity":{"value":1.50}');
    expect((await server.get(token, '/Observation')).body).toContain('"valueQuantity":{"value":1.50}');
  });
});

describe('files', () => {
  it('are combined: patients and directory first, wherever they are', async () => {
    const report = await loadTexts(server, {
      'a.Observation.ndjson': ndjson(
        observation(1),
        observation(2, BOB, { performer: [{ reference: 'Practitioner?identifier=urn:npi|7' }] }),
      ),
      'b.json': JSON.stringify({
        resourceType: 'Bundle',
        type: 'collection',
        entry: [{ resource: observation(3, BOB) }, { resource: observation(4, 'late') }],
      }),
      'c.json': JSON.stringify({
        resourceType: 'Bundle',
        type: 'batch',
        entry: [{ resource: patient('late', 'Late') }],
      }),
      'd.Patient.ndjson': ndjson(patient(ANN, 'Ann'), patient(BOB, 'Bob')),
      'e.Practitioner.ndjson': ndjson({
        resourceType: 'Practitioner',
        id: '7',
        identifier: [{ system: 'urn:npi', value: '7' }],
      }),
      'f.json': JSON.stringify(observation(5), null, 2),
    });
    expect(report).toEqual({ records: 3, created: 9, updated: 0, unchanged: 0, skipped: {}, refused: [] });
    const bob = (await server.get(await server.token(BOB), `/Observation/${id(2)}`)).json();
    expect(bob.performer[0].reference).toMatch(/^Practitioner\/[0-9a-f-]{36}$/);
  });

  it('are recognized by content, whatever their name', async () => {
    const report = await loadTexts(server, {
      one: JSON.stringify(patient(ANN, 'Ann')),
      two: `\n\r\n${ndjson(observation(1))}\r\n${ndjson(observation(2))}\r\n`,
      three: JSON.stringify({ resourceType: 'Bundle', type: 'searchset', entry: [{ resource: observation(3) }] }),
    });
    expect(report).toMatchObject({ created: 4, refused: [] });
  });

  it('may be large, and arrive in chunks that split characters', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'intake-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const note = 'ä€𝄞'.repeat(4000);
    const lines = Array.from({ length: 300 }, (_, index) =>
      observation(index + 1, ANN, { note: [{ text: note + index }] }),
    );
    await writeFile(path.join(folder, 'a.ndjson'), `\uFEFF${ndjson(patient(ANN, 'Ann'), ...lines)}\n`);
    const progress: number[][] = [];
    const report = await importFiles(
      server.db,
      {
        practiceId: 1 as PracticeId,
        source: 's',
        projections: [],
        clock: server.clock,
        random: systemRandom,
        onProgress: (done, all) => progress.push([done, all]),
      },
      [fileInput(path.join(folder, 'a.ndjson'))],
    );
    expect(report).toMatchObject({ created: 301, refused: [] });
    const [row] = await rows<{ good: number }>(`select count(*) as good from resource where content like '%ä€𝄞ä%'`);
    expect(row?.good).toBe(300);
    expect(progress.at(-1)).toEqual([301, 301]);
    expect(progress.length).toBeGreaterThan(2);
  });

  it('that can’t be read end the load with an error', async () => {
    const options = {
      practiceId: 1 as PracticeId,
      source: 's',
      projections: [],
      clock: server.clock,
      random: systemRandom,
    };
    await expect(importFiles(server.db, options, [fileInput('/nonexistent/a.ndjson')])).rejects.toMatchObject({
      name: 'OperatorFault',
    });
  });
});

describe('a resource that isn’t loaded', () => {
  it('is counted by type, or rejected with its position and a reason', async () => {
    const report = await loadTexts(server, {
      'a.ndjson': [
        ndjson(patient(ANN, 'Ann'), { resourceType: 'Claim', id: '1' }, { resourceType: 'Claim', id: '2' }),
        '{"resourceType":',
        '[]',
        '{"a":1}',
        ndjson({ resourceType: 'Observation' }, observation(1, ANN, { id: 'no spaces' })),
      ].join('\n'),
      'b.json': '{"resourceType": "Bundle",',
      'c.json': JSON.stringify({ resourceType: 'Bundle', type: 'history', entry: [] }),
      'd.json': JSON.stringify({
        resourceType: 'Bundle',
        type: 'batch',
        entry: [
          { resource: observation(2), request: { method: 'DELETE' } },
          {},
          { resource: { resourceType: 'Basic', id: '3' } },
        ],
      }),
      'e.ndjson': ndjson({ resourceType: 'Bundle', type: 'batch', entry: [] }),
    });
    expect(report).toMatchObject({ created: 1, skipped: { Claim: 2, Basic: 1 } });
    expect(report.refused.map(({ file, at, type }) => [file, at, type]).sort()).toEqual([
      ['a.ndjson', 'line 4', undefined],
      ['a.ndjson', 'line 5', undefined],
      ['a.ndjson', 'line 6', undefined],
      ['a.ndjson', 'line 7', 'Observation'],
      ['a.ndjson', 'line 8', 'Observation'],
      ['b.json', 'whole file', undefined],
      ['c.json', 'whole file', undefined],
      ['d.json', 'entry 1', 'Observation'],
      ['d.json', 'entry 2', undefined],
      ['e.ndjson', 'line 1', 'Bundle'],
    ]);
    for (const { reason } of report.refused) expect(reason).toMatch(/\.$/);
  });

  it('may be a document that isn’t base64', async () => {
    const bad = {
      resourceType: 'DocumentReference',
      id: id(1),
      status: 'current',
      subject: { reference: `Patient/${ANN}` },
      content: [{ attachment: { data: '%%%' } }],
    };
    expect(await loadTexts(server, { 'a.ndjson': ndjson(patient(ANN, 'Ann'), bad) })).toMatchObject({
      created: 1,
      refused: [{ reason: expect.stringContaining('base64') }],
    });
  });
});

describe('a Bundle’s Binary', () => {
  it('becomes the document of the attachment that points to it', async () => {
    const binary = {
      resourceType: 'Binary',
      id: 'b1',
      contentType: 'application/pdf',
      data: Buffer.from('%PDF').toString('base64'),
    };
    const document = (number: number, url: string) => ({
      resource: {
        resourceType: 'DocumentReference',
        id: id(number),
        status: 'current',
        subject: { reference: 'Patient/p' },
        content: [{ attachment: { url } }],
      },
    });
    const entry = [
      { resource: patient('p', 'Ann') },
      document(1, 'urn:uuid:5b9f0e10-7a6c-4b7e-9f6b-0a4f3f1d2c3b'),
      document(2, 'Binary/b1'),
      document(3, 'https://elsewhere.example/Binary/b1'),
      { fullUrl: 'urn:uuid:5b9f0e10-7a6c-4b7e-9f6b-0a4f3f1d2c3b', resource: binary },
    ];
    await loadTexts(server, { 'a.json': JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }) });
    const [row] = await rows<{ patient_id: string }>('select patient_id from record');
    const token = await server.token(row?.patient_id ?? '');
    const urlOf = async (number: number) =>
      (await server.get(token, `/DocumentReference/${id(number)}`)).json().content[0].attachment.url;
    for (const number of [1, 2]) {
      expect(await urlOf(number)).toMatch(/\/Binary\/[0-9a-f-]{36}$/);
      expect((await server.get(token, await urlOf(number))).body).toBe('%PDF');
    }
    expect(await urlOf(3)).toBe('https://elsewhere.example/Binary/b1');
  });
});

describe('one record', () => {
  it('is loaded completely or not at all', async () => {
    const bundle = (subject: string, ...numbers: number[]) =>
      JSON.stringify({
        resourceType: 'Bundle',
        type: 'batch',
        entry: [patient(subject, 'P'), ...numbers.map((number) => observation(number, subject))].map((resource) => ({
          resource,
        })),
      });
    const files = { 'ann.json': bundle(ANN, 1, 2), 'bob.json': bundle(BOB, 6, 7) };
    onTestFinished(async () => void (await rows('alter table resource drop constraint rejected')));
    await rows(`alter table resource add constraint rejected check (id <> '${id(7)}') not valid`);
    expect((await loadTexts(server, files)).refused.map(({ file }) => file)).toEqual(Array(3).fill('bob.json'));
    expect((await rows<{ patient_id: string }>('select patient_id from record')).map((row) => row.patient_id)).toEqual([
      ANN,
    ]);
    expect(await rows('select from resource')).toHaveLength(3);
    expect(await rows('select from demographics')).toHaveLength(1);
    expect(await rows('select from record_key')).toHaveLength(1);
  });

  it('is created once, though several loads begin at the same moment', async () => {
    const people = Array.from({ length: 60 }, (_, index) => patient(`p-${index}`, `P${index}`));
    // Opens the database connections first, so that the three loads run at the same pace.
    await Promise.all([1, 2, 3].map(() => rows('select pg_sleep(0.05)')));
    const reports = await Promise.all([1, 2, 3].map(() => loadTexts(server, { 'a.ndjson': ndjson(...people) })));
    expect(reports.map(({ created }) => created).reduce((a, b) => a + b)).toBe(60);
    expect(await rows('select from record')).toHaveLength(60);
    expect(await rows('select from resource')).toHaveLength(60);
  });
});

describe('demographics', () => {
  it('are the name in use and a complete date of birth', async () => {
    const names = [
      { use: 'nickname', text: 'Annie' },
      { use: 'official', prefix: ['Dr'], given: ['Ann', 'B.'], family: 'Smith' },
    ];
    const partial = { resourceType: 'Patient', id: BOB, birthDate: '1980', name: 'not a list' };
    await loadTexts(server, { 'a.ndjson': ndjson({ ...patient(ANN, 'x'), name: names }, partial) });
    const found = await rows('select name, birth_date from demographics order by name desc');
    expect(found).toEqual([
      { name: 'No name', birth_date: null },
      { name: 'Dr Ann B. Smith', birth_date: '1980-02-29' },
    ]);
    await loadTexts(server, { 'a.ndjson': ndjson({ ...patient(ANN, 'x'), name: [{ text: 'Ann\u0000 Jones' }] }) });
    expect(await rows('select name from demographics order by name')).toEqual([
      { name: 'Ann Jones' },
      { name: 'No name' },
    ]);
  });
});
