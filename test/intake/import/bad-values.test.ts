import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Projection, refreshProjections } from '../../../src/fhir/index.ts';
import { storedConversions } from '../../support/database/conversions.ts';
import { WAITING_FOR_LOCK } from '../../support/database/waiting-for-lock.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { loadTexts, ndjson } from '../../support/fhir/load-texts.ts';
import { until } from '../../support/runs/until.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const person = (patientId: string, more: object = {}) => ({ resourceType: 'Patient', id: patientId, ...more });
const observation = (number: number, patientId: string) => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  code: {},
  subject: { reference: `Patient/${patientId}` },
});

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const load = (...resources: object[]) => loadTexts(server, { 'x.ndjson': ndjson(...resources) });
const rows = <Row>(text: string) => server.db.queryText<Row>(text, []);
const stored = async () =>
  (await rows<{ id: string }>("select id from resource where type = 'Observation' order by id")).map((row) => row.id);

describe('one bad value never stops a load:', () => {
  it.each(['2024-02-30', '0000-00-00', '2024-13-01', '9999-99-99'])('a date of birth of %s', async (birthDate) => {
    const report = await load(person(ANN, { birthDate }), person(BOB, { birthDate: '1980-02-29' }));
    expect(report).toMatchObject({ created: 2, refused: [] });
    expect(await rows('select birth_date from demographics order by birth_date')).toEqual([
      { birth_date: '1980-02-29' },
      { birth_date: null },
    ]);
  });

  it('an invalid id, even with NUL or in fullUrl', async () => {
    const bad = { resourceType: 'Patient', name: [] };
    const report = await loadTexts(server, {
      'a.ndjson': ndjson(person(ANN), person('a\u0000b'), person('x'.repeat(65)), observation(1, ANN)),
      'b.json': JSON.stringify({
        resourceType: 'Bundle',
        type: 'batch',
        entry: [
          { fullUrl: 'urn:uuid:a\u0000b', resource: bad },
          { resource: { ...observation(2, ANN), subject: { reference: 'Patient/a\u0000b' } } },
          { resource: { ...observation(3, ANN), subject: { reference: 'urn:uuid:a\u0000b' } } },
          { resource: observation(4, ANN) },
        ],
      }),
    });
    expect(report).toMatchObject({ created: 3 });
    expect(report.refused.map(({ reason }) => reason).sort()).toEqual([
      ...Array(3).fill(expect.stringContaining('valid in FHIR')),
      ...Array(2).fill(expect.stringContaining('patient of this resource was not found')),
    ]);
    expect(await stored()).toEqual([id(1), id(4)]);
  });

  it.each(['{"a":', '['])('endless nesting by %s', async (open) => {
    const close = open === '[' ? ']' : '}';
    const deep = `${open.repeat(50_000)}1${close.repeat(50_000)}`;
    const line = `${JSON.stringify(observation(1, ANN)).slice(0, -1)},"extension":${deep}}`;
    const report = await loadTexts(server, {
      'a.ndjson': `${ndjson(person(ANN))}\n${line}\n${ndjson(observation(2, ANN))}`,
      'b.json': `{"resourceType":"Bundle","type":"batch","entry":[{"resource":${line}}]}`,
    });
    expect(report.created).toBe(2);
    expect(report.refused.map(({ file, at, reason }) => [file, at, reason]).sort()).toEqual([
      ['a.ndjson', 'line 2', expect.stringContaining('levels deep')],
      ['b.json', 'whole file', expect.stringContaining('levels deep')],
    ]);
  });

  it('brackets in texts, which aren’t nesting', async () => {
    const note = [{ text: `\\"${'[{'.repeat(500)}\\` }];
    expect(await load(person(ANN), { ...observation(1, ANN), note })).toMatchObject({ created: 2, refused: [] });
  });

  it.each(['QQ', 'QUI', 'QUI='])('base64 of a possible length: %s', async (data) => {
    expect(await load(person(ANN), document(data))).toMatchObject({ created: 2, refused: [] });
  });

  it.each(['Q', 'QUJDR', 'QUI==', 'QQ='])('base64 of an impossible length: %s (RFC 4648 §4)', async (data) => {
    expect(await load(person(ANN), document(data))).toMatchObject({
      created: 1,
      refused: [{ reason: expect.stringContaining('base64') }],
    });
  });

  it('a value that the database rejects: all of that record is rejected, with an error without values', async () => {
    onTestFinished(async () => void (await rows('alter table resource drop constraint rejected')));
    await rows(`alter table resource add constraint rejected check (id <> '${id(7)}') not valid`);
    const report = await load(person(ANN), person(BOB), observation(1, ANN), observation(2, ANN), observation(6, BOB), {
      ...observation(7, BOB),
      note: [{ text: 'secret value' }],
    });
    expect(report.refused.map(({ at }) => at)).toEqual(['line 5', 'line 6']);
    expect(JSON.stringify(report)).not.toContain('secret');
    expect(await stored()).toEqual([id(1), id(2)]);
  });

  it('a lost connection ends it', async () => {
    onTestFinished(async () => void (await rows('drop function fail cascade')));
    await rows(`create function fail() returns trigger language plpgsql as
      $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
      create trigger fail before insert on demographics for each row execute function fail()`);
    await expect(load(person(ANN), observation(7, ANN))).rejects.toThrow();
  });
});

const document = (data: string) => ({
  resourceType: 'DocumentReference',
  id: id(50),
  status: 'current',
  subject: { reference: `Patient/${ANN}` },
  content: [{ attachment: { contentType: 'text/plain', data } }],
});

describe('a patient of another version of FHIR', () => {
  it('is rejected with all resources about them, because none would be read correctly', async () => {
    const report = await load(person(ANN, { name: [{ family: ['Wuckert'] }] }), observation(1, ANN));
    expect(report).toMatchObject({ created: 0, records: 0 });
    expect(report.refused.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('Not FHIR R4'),
      expect.stringContaining('unknown at this practice'),
    ]);
  });
});

describe('a conversion that throws', () => {
  const odd = (maker: number): Projection => ({
    name: 'odd',
    converterVersion: maker,
    types: ['Observation'],
    project(resource) {
      if (resource.resourceType !== 'Observation') return undefined;
      if (resource.id === id(2)) throw new Error('can not be converted');
      return { content: '{}' };
    },
  });
  const hidden = () =>
    rows(
      `select r.id, r.converted_with as maker, c.hidden_by from conversion c join resource r using (record_id, type, id)
       where c.hidden_by is not null`,
    );

  it('hides that resource by the rule conversion-failed, at loading and at start', async () => {
    const text = ndjson(person(ANN), observation(1, ANN), observation(2, ANN));
    const report = await loadTexts(server, { 'x.ndjson': text }, { projections: [odd(1)] });
    expect(report).toMatchObject({ created: 3, refused: [] });
    expect(await hidden()).toEqual([{ id: id(2), maker: 1, hidden_by: 'conversion-failed' }]);
    expect(await refreshProjections(server.db, { projections: [odd(2)] })).toBe(2);
    expect(await hidden()).toEqual([{ id: id(2), maker: 2, hidden_by: 'conversion-failed' }]);
  });

  it('of a referenced resource leaves an unresolvable reference', async () => {
    const throwingProjection: Projection = {
      name: 'told',
      converterVersion: 1,
      types: ['Observation'],
      dependencies: {
        targetDependentTypes: ['ServiceRequest', 'PractitionerRole'],
        resolveTarget() {
          throw new Error('can not be read');
        },
        storedVariants: new Map(),
        embedded: {
          type: 'PractitionerRole',
          parentType: 'Practitioner',
          parentParameter: 'practitioner',
          visibleWhen: [],
        },
      },
      project: ({ resourceType }, around) =>
        resourceType === 'Observation' ? { content: JSON.stringify([...(around?.referenceTargets ?? [])]) } : undefined,
    };
    const [request, role] = [`ServiceRequest/${id(20)}`, `PractitionerRole/${id(21)}`];
    const text = ndjson(
      { resourceType: 'Practitioner', id: id(22) },
      { resourceType: 'PractitionerRole', id: id(21), practitioner: { reference: `Practitioner/${id(22)}` } },
      person(ANN),
      { resourceType: 'ServiceRequest', id: id(20), subject: { reference: `Patient/${ANN}` } },
      { ...observation(1, ANN), basedOn: [{ reference: request }], performer: [{ reference: role }] },
    );
    const report = await loadTexts(server, { 'x.ndjson': text }, { projections: [throwingProjection] });
    expect(report).toMatchObject({ created: 5, refused: [] });
    const nowhere = [request, role].map((name) => [name, null]);
    expect(await storedConversions(server.db)).toMatchObject([
      { content: JSON.stringify(nowhere), asked: [id(20), id(21)] },
    ]);
  });
});

describe('the time of a change', () => {
  it('is read under the record’s lock, so that it rises with every commit', async () => {
    await load(person(ANN));
    const later = new Date('2027-01-01T00:00:00.000Z');
    let loading: Promise<unknown> | undefined;
    await server.db.transaction(async (tx) => {
      await tx.queryText('select from record for update', []);
      loading = load(observation(1, ANN));
      await until(async () => (await rows(WAITING_FOR_LOCK)).length > 0);
      server.clock.set(later);
    });
    await loading;
    expect(await rows("select last_updated from resource where type = 'Observation'")).toEqual([
      { last_updated: later },
    ]);
  });
});
