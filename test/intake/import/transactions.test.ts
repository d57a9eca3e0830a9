import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openValidation } from '../../../src/intake/index.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { loadTexts, ndjson } from '../../support/fhir/load-texts.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const CAT = '0000000c-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const person = (own: string, more: object = {}) => ({ resourceType: 'Patient', id: own, ...more });
const observation = (number: number, subject: string, more: object = {}) => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  code: { text: 'x' },
  subject: { reference: `Patient/${subject}` },
  ...more,
});
const nobody = { resourceType: 'Observation', id: id(99), status: 'final', code: { text: 'x' } };
const clinic = { resourceType: 'Organization', id: 'clinic', name: 'Clinic' };

const bundle = (type: string, ...resources: readonly object[]) =>
  JSON.stringify({
    resourceType: 'Bundle',
    type,
    entry: resources.map((resource) => ('request' in resource ? resource : { resource })),
  });
const transaction = (...resources: readonly object[]) => bundle('transaction', ...resources);

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const load = (files: Readonly<Record<string, string>>) => loadTexts(server, files);
const stored = async (): Promise<readonly string[]> => {
  const own = await server.db.queryText<{ type: string; id: string }>(
    'select type, id::text as id from resource union all select type, id::text from shared_resource order by 1, 2',
    [],
  );
  return own.map(({ type, id: one }) => `${type}/${one}`);
};
const records = async () => (await server.db.queryText('select from record', [])).length;

describe('a transaction in a file (FHIR R4 http.html#transaction)', () => {
  it('is not stored at all when an entry is rejected, and the report says which and why', async () => {
    const report = await load({
      'a.json': transaction(clinic, person(ANN), observation(1, ANN), nobody, { resourceType: 'Claim', id: 'c' }),
    });
    expect(report).toEqual({
      records: 0,
      created: 0,
      updated: 0,
      unchanged: 0,
      skipped: { Claim: 1 },
      refused: [
        {
          file: 'a.json',
          at: 'entry 4',
          type: 'Observation',
          id: id(99),
          reason: 'The resource does not name its patient.',
        },
      ],
      notStored: [{ file: 'a.json', resources: 3, because: ['entry 4'] }],
    });
    expect(await stored()).toEqual([]);
    expect(await records()).toBe(0);
  });

  it('is stored when it is valid, and the same again changes nothing', async () => {
    const files = {
      'a.json': transaction(clinic, person(ANN), observation(1, ANN), { resourceType: 'Claim', id: 'c' }),
    };
    expect(await load(files)).toEqual({
      records: 1,
      created: 3,
      updated: 0,
      unchanged: 0,
      skipped: { Claim: 1 },
      refused: [],
    });
    expect(await load(files)).toMatchObject({ created: 0, updated: 0, unchanged: 3, refused: [] });
  });

  it('is loaded after it was fixed, together with what is already there', async () => {
    await load({ 'a.json': transaction(person(ANN), observation(1, ANN)) });
    const [bad, good] = [nobody, observation(2, ANN)].map((last) =>
      transaction(person(ANN), observation(1, ANN), last),
    );
    expect(await load({ 'a.json': bad ?? '' })).toMatchObject({ unchanged: 0, notStored: [{ resources: 2 }] });
    expect(await load({ 'a.json': good ?? '' })).toMatchObject({ created: 1, unchanged: 2, refused: [] });
  });

  it.each(['batch', 'collection', 'searchset'])('is the only atomic type: the rest of a %s is stored', async (type) => {
    const report = await load({ 'a.json': bundle(type, person(ANN), observation(1, ANN), nobody) });
    expect(report).toMatchObject({ created: 2, refused: [{ at: 'entry 3' }] });
    expect(report).not.toHaveProperty('notStored');
    expect(await stored()).toHaveLength(2);
  });

  it('rolls back nothing of other files, and nothing of them rolls it back', async () => {
    const report = await load({
      'a.json': transaction(person(ANN), observation(1, ANN)),
      'b.json': transaction(person(BOB), observation(2, BOB), nobody),
      'c.json': bundle('batch', person(CAT), nobody),
      'd.ndjson': ndjson({ resourceType: 'Observation', id: id(3), status: 'final', code: {} }),
    });
    expect(report).toMatchObject({ records: 2, created: 3, notStored: [{ file: 'b.json', because: ['entry 3'] }] });
    expect(await stored()).toEqual([`Observation/${id(1)}`, `Patient/${ANN}`, `Patient/${CAT}`]);
  });

  it.each<[string, object[], string]>([
    [
      'is in another patient’s record',
      [person(BOB), observation(1, BOB)],
      'belongs to a resource in another patient’s record',
    ],
    ['is about an unknown patient', [person(BOB), observation(2, CAT)], 'unknown at this practice'],
    [
      'is another person with the same id',
      [person(ANN, { birthDate: '2001-01-01', identifier: [{ value: 'other' }] }), observation(2, ANN)],
      'A different person has this Patient id',
    ],
    [
      'is a deletion',
      [person(BOB), { resource: observation(1, ANN), request: { method: 'DELETE', url: `Observation/${id(1)}` } }],
      'Deletions are not loaded',
    ],
    [
      'is a read',
      [person(BOB), { request: { method: 'GET', url: 'Observation' } }],
      'Only entries whose request creates or updates a resource',
    ],
    [
      'is an unreferenced Medication',
      [person(BOB), { resourceType: 'Medication', id: 'm' }],
      'Nothing in this input refers',
    ],
  ])('is rolled back if an entry %s, directory included', async (_, resources, reason) => {
    await load({ 'a.ndjson': ndjson(person(ANN, { birthDate: '1960-01-01' }), observation(1, ANN)) });
    const before = await stored();
    const report = await load({ 'b.json': transaction(clinic, observation(3, ANN), ...resources) });
    expect(report).toMatchObject({ records: 0, created: 0, updated: 0, unchanged: 0 });
    expect(report.refused.map((one) => one.reason).join()).toContain(reason);
    expect(report.refused.length + (report.notStored?.[0]?.resources ?? 0)).toBe(resources.length + 2);
    expect(await stored()).toEqual(before);
    expect(await records()).toBe(1);
  });

  it('is rolled back if validation rejects an entry, in strict mode', async () => {
    const validation = openValidation({ mode: 'strict', guides: [] });
    const strict = (text: string) => loadTexts(server, { 'a.json': text }, { validation });
    const bad = observation(2, ANN, { status: 'perhaps' });
    const report = await strict(transaction(clinic, person(ANN), observation(1, ANN), bad));
    expect(report).toMatchObject({
      created: 0,
      faulty: 0,
      refused: [{ at: 'entry 4', reason: expect.stringContaining('Observation.status') }],
      notStored: [{ resources: 3, because: ['entry 4'] }],
    });
    expect(await stored()).toEqual([]);
    expect(await server.db.queryText('select from validation_fault', [])).toEqual([]);
    expect(await strict(transaction(clinic, person(ANN), observation(1, ANN)))).toMatchObject({
      created: 3,
      refused: [],
    });
  });

  it('leaves resources rejected whose patient it alone would have created', async () => {
    const report = await load({
      'a.json': transaction(person(ANN), nobody),
      'b.json': transaction(observation(1, ANN)),
      'c.ndjson': ndjson(observation(2, ANN)),
    });
    expect(report.refused.map(({ file, reason }) => [file, reason])).toEqual([
      ['a.json', 'The resource does not name its patient.'],
      ['b.json', 'The Patient was rejected.'],
      ['c.ndjson', 'The Patient was rejected.'],
    ]);
    expect(await stored()).toEqual([]);
  });

  it('doesn’t affect other resources about an existing patient', async () => {
    await load({ 'a.ndjson': ndjson(person(ANN)) });
    const report = await load({ 'a.json': transaction(person(ANN), nobody), 'c.ndjson': ndjson(observation(2, ANN)) });
    expect(report).toMatchObject({ created: 1, refused: [{ file: 'a.json' }] });
  });

  it('waits as a whole for patients in later files', async () => {
    const report = await load({
      'a.json': transaction(person(ANN), observation(1, BOB)),
      'b.json': transaction(person(BOB), observation(2, CAT)),
      'c.json': bundle('batch', observation(3, ANN)),
      'd.json': bundle('batch', person(CAT)),
    });
    expect(report).toMatchObject({ records: 3, created: 6, refused: [] });
  });

  it('includes resources that its entries refer to, in its own and other files', async () => {
    const ask = (number: number, reference: string) => ({
      resourceType: 'MedicationRequest',
      id: id(number),
      status: 'active',
      intent: 'order',
      subject: { reference: `Patient/${ANN}` },
      medicationReference: { reference },
    });
    const drug = (own: string) => ({ resourceType: 'Medication', id: own, code: { text: own } });
    const shared = ndjson(drug('shared'));
    const of = (...more: object[]) =>
      transaction(person(ANN), drug('own'), ask(1, 'Medication/own'), ask(2, 'Medication/shared'), ...more);
    const refused = await load({ 'm.ndjson': shared, 'a.json': of(nobody) });
    expect(refused).toMatchObject({ created: 0, notStored: [{ resources: 4 }] });
    expect(refused.refused.map(({ id: own }) => own)).toEqual([id(99), 'shared']);
    expect(await load({ 'm.ndjson': shared, 'a.json': of() })).toMatchObject({ created: 5, refused: [] });
  });

  it('is reported by the progress of the whole load, each resource once', async () => {
    const told: (readonly number[])[] = [];
    const onProgress = (done: number, all: number) => void told.push([done, all]);
    const files = {
      'a.json': transaction(clinic, person(ANN), observation(1, ANN), nobody),
      'b.json': transaction(person(BOB), observation(2, BOB), { resourceType: 'Claim', id: 'c' }),
    };
    await loadTexts(server, files, { onProgress });
    expect(told.at(-1)).toEqual([7, 7]);
    expect(told.every(([done = 0]) => [4, 7].includes(done))).toBe(true);
  });
});
