import { beforeEach, describe, expect, it } from 'vitest';
import { patient } from '../../support/fhir/charts.ts';
import { ANN, CAT, id, type MergeServer, mergeServers, observationAbout } from '../../support/fhir/merging.ts';

const newWorld = mergeServers();
let world: MergeServer;
let ann: string;
beforeEach(async () => {
  world = await newWorld();
  await world.server.load([patient(ANN, 'Ann'), patient(CAT, 'Cat')]);
  await world.server.load([observationAbout(1, ANN), observationAbout(2, ANN), provenance(1, 2)]);
  ann = await world.server.token(ANN);
});

const read = async (token: string, path: string) => (await world.server.get(token, path)).json();
const observation = (number: number) => ({ type: 'Observation', id: id(number) });
const reference = (number: number) => ({ reference: `Observation/${id(number)}` });
const TARGETS = `/Provenance/${id(60)}`;
function provenance(...targets: readonly number[]) {
  return {
    resourceType: 'Provenance',
    id: id(60),
    target: targets.map(reference),
    recorded: '2026-01-01T00:00:00Z',
    agent: [{ who: { display: 'A clinic' } }],
  };
}

describe('Provenance of retracted and other resources', () => {
  it('names only the others from its next version on, and earlier versions are unchanged', async () => {
    expect(await world.retract([observation(2)], CAT)).toMatchObject({ resources: [observation(2)], referring: [] });
    expect(await read(ann, TARGETS)).toMatchObject({ meta: { versionId: '2' }, target: [reference(1)] });
    expect(await read(ann, `${TARGETS}/_history/1`)).toMatchObject({ target: [reference(1), reference(2)] });
    expect((await read(ann, `/Provenance?target=Observation/${id(2)}`)).total).toBe(0);
    expect((await read(ann, `/Provenance?target=Observation/${id(1)}`)).total).toBe(1);
    const along = await read(ann, `/Observation?_id=${id(1)}&_revinclude=Provenance:target`);
    expect(along.entry).toHaveLength(2);
    expect((await read(await world.server.token(CAT), '/Provenance')).total).toBe(0);
  });

  it('doesn’t name it again if an uncorrected source sends it', async () => {
    await world.retract([observation(2)], CAT);
    const again = await world.server.load([observationAbout(1, ANN), observationAbout(2, ANN), provenance(1, 2)]);
    expect(again).toMatchObject({ unchanged: 1, refused: [{ id: id(2) }, { id: id(60) }] });
    expect(await world.server.load([observationAbout(1, ANN), provenance(1)])).toMatchObject({
      unchanged: 2,
      refused: [],
    });
    expect(await read(ann, TARGETS)).toMatchObject({ target: [reference(1)] });
  });

  it('is retracted with the last of its targets', async () => {
    await world.retract([observation(2)], CAT);
    await world.retract([observation(1)], CAT);
    expect((await world.server.get(ann, TARGETS)).statusCode).toBe(410);
    expect(await read(await world.server.token(CAT), TARGETS)).toMatchObject({ target: [reference(1)] });
  });
});

it('a resource that is moved to the right record loses its generated narrative', async () => {
  const text = (status: string) => ({
    text: { status, div: '<div xmlns="http://www.w3.org/1999/xhtml">Ann Adams: 1.5 g</div>' },
  });
  await world.server.load([observationAbout(3, ANN, text('generated')), observationAbout(4, ANN, text('additional'))]);
  await world.retract([observation(3), observation(4)], CAT);
  const cat = await world.server.token(CAT);
  expect(await read(cat, `/Observation/${id(3)}`)).not.toHaveProperty('text');
  expect(await read(cat, `/Observation/${id(4)}`)).toMatchObject(text('additional'));
});
