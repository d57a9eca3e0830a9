import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dstu2 } from '../../../src/fhir/dstu2/index.ts';
import { projections, refreshProjections } from '../../../src/fhir/index.ts';
import type { Resource } from '../../../src/fhir/model/fhir-version.ts';
import { storedConversions } from '../../support/database/conversions.ts';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const ANN = id(1);
const observation = (number: number, text: string): Resource => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  code: { text },
  subject: { reference: `Patient/${ANN}` },
});
const order = (number: number): Resource => ({
  resourceType: 'MedicationRequest',
  id: id(number),
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: { text: 'Aspirin' },
  subject: { reference: `Patient/${ANN}` },
});

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir({ version: dstu2, projections, upkeep: true });
});
afterAll(() => server.close());
beforeEach(async () => {
  await server.reset();
  await server.load([patient(ANN, 'Ann'), observation(10, 'one'), observation(11, 'two'), order(12)]);
  await refreshProjections(server.db, { projections });
  token = await server.token(ANN, { scope: 'patient/*.read' });
});

const rows = <Row>(text: string) => server.db.queryText<Row>(text, []);
/** The statement by which the previous release stores converted resources. */
const storeAsBefore = (number: number, content: string) =>
  server.db.queryText(
    `insert into projection (record_id, name, type, id, maker, content)
     select record_id, 'dstu2', type, id, 10, $2 from resource where id = $1
     on conflict (record_id, name, type, id) do update set maker = excluded.maker, content = excluded.content`,
    [id(number), content],
  );
const textOf = async (number: number) =>
  (await server.get(token, `/Observation/${id(number)}`)).json().code?.text as string;
const versions = async () =>
  (
    await rows<object>(
      `select r.conversion_version as record, p.records_conversion_version as practice, r.converted_by as before
       from record r join practice p using (practice_id)`,
    )
  )[0];

describe('while processes of the previous release run, which store converted resources elsewhere', () => {
  it('a record shows what they write', async () => {
    await server.db.queryText(`update resource set content = replace(content, '"two"', '"second"') where id = $1`, [
      id(11),
    ]);
    await storeAsBefore(11, '{}');
    expect(await versions()).toMatchObject({ record: 0, practice: 0 });
    expect(await textOf(11)).toBe('second');
    expect(await textOf(10)).toBe('one');
    expect(await rows('select 1 as one from projection')).toEqual([]);
  });

  it('what a resource had of further types is made again as well', async () => {
    const before = await storedConversions(server.db);
    await storeAsBefore(12, '{}');
    expect((await storedConversions(server.db)).map(({ id: one }) => one)).not.toContain(id(12));
    await refreshProjections(server.db, { projections });
    expect(await storedConversions(server.db)).toEqual(before);
  });

  it('they see that they have to convert a record that this release wrote', async () => {
    await storeAsBefore(10, '{"resourceType":"Observation"}');
    await rows('update record set converted_by = 10');
    await rows('update practice set records_converted_by = 10');
    await server.load([observation(10, 'three')]);
    expect(await versions()).toMatchObject({ before: 0 });
    expect(await rows('select records_converted_by as before from practice where practice_id = 1')).toEqual([
      { before: 0 },
    ]);
    expect(await rows('select 1 as one from projection')).toEqual([]);
    expect(await textOf(10)).toBe('three');
  });

  it('a resource that they delete leaves nothing', async () => {
    await storeAsBefore(12, '{}');
    await server.db.queryText(
      `insert into conversion (record_id, name, type, id, hidden_by)
       select record_id, 'dstu2/MedicationStatement', type, id, 'test' from resource where id = $1`,
      [id(12)],
    );
    await rows(`with gone as (delete from resource where type = 'MedicationRequest')
      delete from projection where type = 'MedicationRequest'`);
    expect(await rows('select 1 as one from conversion')).toEqual([]);
  });
});

it('a request for a record that the previous release stored converts it first', async () => {
  await rows('delete from conversion');
  await rows('update resource set converted = null, converted_with = null');
  await rows('update record set conversion_version = 0, converted_by = 10');
  await rows('update practice set records_conversion_version = 0, records_converted_by = 10');
  await storeAsBefore(10, '{"resourceType":"Observation","code":{"text":"as before"}}');
  expect(await textOf(10)).toBe('one');
  expect(await rows('select 1 as one from projection')).toEqual([]);
  expect((await server.get(token, '/Observation')).json().total).toBe(2);
  expect((await server.get(token, '/MedicationStatement')).json().total).toBe(1);
});
