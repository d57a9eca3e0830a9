import { beforeEach, describe, expect, it } from 'vitest';
import { patient } from '../../support/fhir/charts.ts';
import { feedToken, makeBundle, putEntry, sendBundle } from '../../support/fhir/feed.ts';
import { ANN, ANNE, CAT, id, type MergeServer, mergeServers, observationAbout } from '../../support/fhir/merging.ts';

const newWorld = mergeServers();
let world: MergeServer;
beforeEach(async () => {
  world = await newWorld();
  await world.server.load([patient(ANN, 'Ann'), patient(ANNE, 'Anne'), patient(CAT, 'Cat')]);
  await world.server.load([observationAbout(1, ANN), observationAbout(2, ANNE)]);
});

const observation = (number: number) => ({ type: 'Observation', id: id(number) });
const get = async (patientId: string, path: string) => world.server.get(await world.server.token(patientId), path);
/** Status of the response for Observation 2 in each of these records. */
const statuses = async (...patients: readonly string[]) => {
  const found: number[] = [];
  for (const one of patients) found.push((await get(one, `/Observation/${id(2)}`)).statusCode);
  return found;
};
const histories = async (patientId: string) =>
  world.server.db.queryText<{ content: string | null }>(
    `select content from resource where record_id = $1 and id = $2 union all
     select content from resource_history where record_id = $1 and id = $2`,
    [await world.findRecordId(patientId), id(2)],
  );
const contents = async (patientId: string) =>
  (await histories(patientId)).flatMap(({ content }) => (content === null ? [] : [content]));

describe('a resource that was moved from one merged record to the other patient', () => {
  it('stays with that patient when the merge is undone', async () => {
    await world.retract([observation(2)], ANN);
    await world.merge(ANNE, ANN);
    expect(await statuses(ANN)).toEqual([200]);
    await world.unmerge(ANNE);
    expect(await statuses(ANNE, ANN)).toEqual([410, 200]);
    expect(await contents(ANNE)).toEqual([]);
  });

  it('does so in the other direction as well', async () => {
    await world.retract([observation(2)], ANN);
    await world.merge(ANN, ANNE);
    expect(await statuses(ANNE)).toEqual([200]);
    await world.unmerge(ANN);
    expect(await statuses(ANNE, ANN)).toEqual([410, 200]);
    expect(await contents(ANNE)).toEqual([]);
  });

  it('stays with that patient if its source corrected the patient, and if that was retracted too', async () => {
    await world.retract([observation(2)]);
    await world.server.load([observationAbout(2, ANN, { status: 'amended', note: [{ text: 'of Ann' }] })]);
    await world.merge(ANNE, ANN);
    await world.unmerge(ANNE);
    expect(await statuses(ANNE, ANN)).toEqual([410, 200]);
    expect(await contents(ANNE)).toEqual([]);
    await world.retract([observation(2)]);
    await world.merge(ANNE, ANN);
    await world.unmerge(ANNE);
    expect(await contents(ANNE)).toEqual([]);
  });

  it('can still be changed by its source, in any order', async () => {
    await world.retract([observation(2)]);
    expect(await world.server.load([observationAbout(2, ANN)])).toMatchObject({ created: 1, refused: [] });
    expect(await world.merge(ANNE, ANN)).toMatchObject({ done: true });
    expect(await world.server.load([observationAbout(2, ANN, { status: 'amended' })])).toMatchObject({
      updated: 1,
      refused: [],
    });
    await world.unmerge(ANNE);
    expect(await world.server.load([observationAbout(2, ANN)])).toMatchObject({ updated: 1, refused: [] });
    expect(await world.merge(ANN, ANNE)).toMatchObject({ done: true });
    expect(await world.server.load([observationAbout(2, ANN, { status: 'amended' })])).toMatchObject({
      updated: 1,
      refused: [],
    });
    expect(await statuses(ANNE)).toEqual([200]);
  });

  it('has each version number once at the practice, even in a record that is created for it', async () => {
    await world.retract([observation(2)]);
    await world.server.load([patient(id(50), 'Dan'), observationAbout(2, id(50))]);
    const found = JSON.parse((await get(id(50), `/Observation/${id(2)}`)).body);
    expect(found.meta.versionId).toBe('3');
    const system = await world.backendToken();
    expect((await world.server.get(system, `/Observation/${id(2)}/_history/3`)).statusCode).toBe(200);
    expect((await world.server.get(system, `/Observation/${id(2)}/_history/1`)).statusCode).not.toBe(200);
  });

  it('doesn’t prevent a feed from merging the two', async () => {
    const token = await feedToken(world.server);
    const send = (...entries: readonly (object & Parameters<typeof putEntry>[0])[]) =>
      sendBundle(world.server, token, makeBundle('transaction', ...entries.map((one) => putEntry(one))));
    const [one, two] = [id(901), id(902)];
    const [first, second] = [
      { ...patient(one, 'One'), id: one },
      { ...patient(two, 'Two'), id: two },
    ];
    await send(first, second, observationAbout(90, two));
    await world.retract([observation(90)]);
    await send(observationAbout(90, one));
    await send(observationAbout(90, one, { status: 'amended' }));
    const link = [{ type: 'replaced-by', other: { reference: `Patient/${one}` } }];
    expect((await send(Object.assign(second, { link }))).statusCode).toBe(200);
    expect((await send(observationAbout(90, one, { status: 'final' }))).statusCode).toBe(200);
  });
});

describe('a resource that was retracted from a merged record', () => {
  it('belongs to neither when they are separated, and is 410 for its former patient', async () => {
    await world.merge(ANNE, ANN);
    await world.retract([observation(2)], CAT);
    expect(await statuses(ANN, CAT)).toEqual([410, 200]);
    await world.unmerge(ANNE);
    expect(await statuses(ANNE, ANN, CAT)).toEqual([410, 404, 200]);
  });

  it('and moved to a third, which is then merged too, belongs to that one alone', async () => {
    await world.merge(ANNE, ANN);
    await world.retract([observation(2)], CAT);
    await world.merge(CAT, ANN);
    await world.unmerge(ANNE);
    expect(await statuses(ANNE, ANN)).toEqual([410, 200]);
    expect(await contents(ANNE)).toEqual([]);
    await world.unmerge(CAT);
    expect(await statuses(ANNE, ANN, CAT)).toEqual([410, 404, 200]);
    expect(await contents(ANN)).toEqual([]);
  });

  it('and undone in the reverse order, belongs to it as well', async () => {
    await world.merge(ANNE, ANN);
    await world.retract([observation(2)], CAT);
    await world.merge(CAT, ANN);
    await world.unmerge(CAT);
    await world.unmerge(ANNE);
    expect(await statuses(ANNE, ANN, CAT)).toEqual([410, 404, 200]);
  });

  it('is 410 for every former record, whichever merges are undone', async () => {
    await world.retract([observation(2)], ANN);
    await world.retract([observation(2)], CAT);
    await world.merge(ANNE, ANN);
    await world.merge(CAT, ANN);
    expect(await statuses(ANN)).toEqual([200]);
    await world.retract([observation(2)]);
    await world.unmerge(ANNE);
    await world.unmerge(CAT);
    expect(await statuses(ANN, ANNE, CAT)).toEqual([410, 410, 410]);
    expect({ ANN: await contents(ANN), ANNE: await contents(ANNE), CAT: await contents(CAT) }).toEqual({
      ANN: [],
      ANNE: [],
      CAT: [],
    });
    expect((await world.server.load([observationAbout(2, CAT)])).refused).toHaveLength(1);
  });

  it('and loaded again belongs to the Patient it then names', async () => {
    await world.server.load([observationAbout(3, ANNE)]);
    await world.merge(ANNE, ANN);
    await world.retract([observation(2), observation(3)], CAT);
    await world.retract([observation(2)], ANN);
    await world.retract([observation(3)], ANNE);
    await world.unmerge(ANNE);
    expect(await statuses(ANN, CAT)).toEqual([200, 410]);
    expect(await contents(ANNE)).toEqual([]);
    expect((await get(ANNE, `/Observation/${id(3)}`)).statusCode).toBe(200);
    expect((await get(ANN, `/Observation/${id(3)}`)).statusCode).not.toBe(200);
  });
});

describe('a resource that moved with a merge', () => {
  it('moves back with it, though a source has sent it for the remaining Patient since: it may have merged the two itself', async () => {
    await world.merge(ANNE, ANN);
    await world.server.load([observationAbout(2, ANN, { status: 'amended' })]);
    await world.unmerge(ANNE);
    expect(await statuses(ANNE, ANN)).toEqual([200, 404]);
    await world.retract([observation(2)], ANN);
    expect(await statuses(ANNE, ANN)).toEqual([410, 200]);
  });
});
