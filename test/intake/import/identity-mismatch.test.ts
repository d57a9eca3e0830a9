import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { loadTexts, ndjson } from '../../support/fhir/load-texts.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const person = (patientId: string, mrn?: string, birthDate?: string) => ({
  resourceType: 'Patient',
  id: patientId,
  ...(mrn === undefined ? {} : { identifier: [{ system: 'urn:mrn', value: mrn }] }),
  ...(birthDate === undefined ? {} : { birthDate }),
});
const observation = (number: number, patientId: string) => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  code: {},
  subject: { reference: `Patient/${patientId}` },
});
const bundle = (...resources: object[]) =>
  JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry: resources.map((resource) => ({ resource })) });

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const load = (files: Readonly<Record<string, string>>, source?: string) =>
  loadTexts(server, files, source === undefined ? {} : { source });
const rows = <Row>(text: string) => server.db.queryText<Row>(text, []);
const stored = async (type: string) =>
  (await rows<{ content: string }>(`select content from resource where type = '${type}' order by id`)).map((row) =>
    JSON.parse(row.content),
  );
const reasons = (report: { refused: readonly { reason: string }[] }) => report.refused.map(({ reason }) => reason);

describe('a Patient whose id belongs to another person', () => {
  it('is rejected with everything about them, if identifiers and date of birth differ', async () => {
    await load({ 'a.ndjson': ndjson(person('1', 'M-1', '1980-02-29'), observation(1, '1')) });
    const stranger = person('1', 'M-2', '1999-01-01');
    const report = await load({ 'b.json': bundle(stranger, observation(2, '1')) });
    expect(report).toMatchObject({ created: 0, updated: 0 });
    expect(reasons(report)).toEqual(Array(2).fill(expect.stringContaining('--source')));
    const onLines = await load({
      'd.json': bundle(observation(4, '1')),
      'c.ndjson': ndjson(stranger),
      'o.ndjson': ndjson(observation(3, '1')),
    });
    expect(onLines).toMatchObject({ created: 0, updated: 0 });
    expect(onLines.refused).toHaveLength(3);
    expect(await stored('Patient')).toMatchObject([{ birthDate: '1980-02-29' }]);
    expect(await rows('select birth_date from demographics')).toEqual([{ birth_date: '1980-02-29' }]);
  });

  it('is rejected within one file, too, and leaves no partial record', async () => {
    const report = await load({ 'a.ndjson': ndjson(person('1', 'M-1', '1980'), person('1', 'M-2', '1999')) });
    expect(report.refused).toHaveLength(2);
    expect(await rows('select from record')).toEqual([]);
  });

  it('is a separate person when loaded from another source', async () => {
    await load({ 'a.ndjson': ndjson(person('1', 'M-1', '1980-02-29')) });
    expect(await load({ 'b.ndjson': ndjson(person('1', 'M-2', '1999-01-01')) }, 'other')).toMatchObject({ created: 1 });
    expect(await rows('select from record')).toHaveLength(2);
  });

  it.each([
    ['a corrected date of birth', person('1', 'M-1', '1999-01-01')],
    ['another identifier', person('1', 'M-2', '1980-02-29')],
    ['a less precise date of birth', person('1', 'M-2', '1980')],
    ['no date of birth', person('1', 'M-2')],
  ])('is the same person with %s', async (_, next) => {
    await load({ 'a.ndjson': ndjson(person('1', 'M-1', '1980-02-29')) });
    expect(await load({ 'a.ndjson': ndjson(next) })).toMatchObject({ updated: 1, refused: [] });
  });
});

describe('a Patient’s UUID', () => {
  it('is the same record at one practice, whatever source it comes from', async () => {
    await load({ 'a.ndjson': ndjson(person(ANN, 'M-1', '1980'), observation(1, ANN)) });
    const report = await load({ 'b.ndjson': ndjson(person(ANN, 'M-1', '1980'), observation(2, ANN)) }, 'other');
    expect(report).toMatchObject({ created: 1, unchanged: 1, refused: [] });
    expect(await rows('select from record')).toHaveLength(1);
    expect((await server.get(await server.token(ANN), '/Observation')).json().total).toBe(2);
  });

  it('is one record though two sources load it at the same moment', async () => {
    const files = { 'a.ndjson': ndjson(...Array.from({ length: 20 }, (_, index) => person(id(index + 1)))) };
    const reports = await Promise.all(['one', 'two', 'three'].map((source) => load(files, source)));
    expect(reports.flatMap(({ refused }) => refused)).toEqual([]);
    expect(await rows('select from record')).toHaveLength(20);
  });

  it('is a separate record at each practice', async () => {
    const files = { 'a.ndjson': ndjson(person(ANN)) };
    await load(files);
    await loadTexts(server, files, { practiceId: 2 });
    expect(await rows('select from record')).toHaveLength(2);
  });
});

describe('a resource that belongs to another record of the practice', () => {
  const provenance = (number: number, target: number) => ({
    resourceType: 'Provenance',
    id: id(number),
    target: [{ reference: `Observation/${id(target)}` }],
  });

  it('never moves between patients: it is rejected, with its Provenance', async () => {
    await load({ 'a.ndjson': ndjson(person(ANN), person(BOB), observation(1, ANN)) });
    const report = await load({
      'b.ndjson': ndjson(observation(1, BOB), observation(2, BOB), provenance(8, 1), provenance(9, 2)),
    });
    expect(report).toMatchObject({ created: 2 });
    expect(reasons(report).sort()).toEqual([
      expect.stringContaining('a target of this Provenance, is in another patient’s record'),
      expect.stringContaining('never move between patients'),
    ]);
    expect((await stored('Observation')).map(({ id: own, subject }) => [own, subject.reference])).toEqual([
      [id(1), `Patient/${ANN}`],
      [id(2), `Patient/${BOB}`],
    ]);
    expect((await stored('Provenance')).map(({ id: own }) => own)).toEqual([id(9)]);
  });

  it('is rejected from another source as well', async () => {
    await load({ 'a.ndjson': ndjson(person(ANN), person(BOB), observation(1, ANN)) });
    const report = await load({ 'b.ndjson': ndjson(observation(1, BOB)) }, 'other');
    expect(reasons(report)).toEqual([expect.stringContaining('never move between patients')]);
  });

  it('is rejected within one input: the first stays where it is', async () => {
    const report = await load({
      'a.json': bundle(person(ANN), observation(1, ANN)),
      'b.json': bundle(person(BOB), observation(1, BOB)),
    });
    expect(report).toMatchObject({ created: 3, refused: [{ file: 'b.json', type: 'Observation' }] });
  });

  it('may belong to another practice', async () => {
    await load({ 'a.ndjson': ndjson(person(ANN), observation(1, ANN)) });
    const report = await loadTexts(server, { 'b.ndjson': ndjson(person(BOB), observation(1, BOB)) }, { practiceId: 2 });
    expect(report).toMatchObject({ created: 2, refused: [] });
  });
});
