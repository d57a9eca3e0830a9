import { beforeEach, describe, expect, it } from 'vitest';
import { patient } from '../../support/fhir/charts.ts';
import { ANN, ANNE, CAT, id, type MergeServer, mergeServers, observationAbout } from '../../support/fhir/merging.ts';

const newWorld = mergeServers();
let world: MergeServer;
beforeEach(async () => {
  world = await newWorld();
  await world.server.load([patient(ANN, 'Ann'), patient(ANNE, 'Anne'), patient(CAT, 'Cat')]);
  for (const owner of [ANN, ANNE, CAT]) await world.server.load(six(owner));
});

/** Six Observations of a patient. In every sort order, the resources of the three patients alternate. */
const six = (of: string) =>
  [1, 2, 3, 4, 5, 6].map((one) => observationAbout(10 * one + [ANN, ANNE, CAT].indexOf(of), of));

interface Page {
  readonly total: number;
  readonly entry: readonly { readonly resource: { readonly id: string } }[];
  readonly link: readonly { readonly relation: string; readonly url: string }[];
}
const get = async (token: string, path: string): Promise<Page> => (await world.server.get(token, path)).json();
const idsOf = ({ entry }: Page) => entry.map(({ resource }) => resource.id);

/** Reads all pages of a search. `happens` runs after the first page. */
async function across(token: string, path: string, happens: () => Promise<unknown>) {
  let page = await get(token, path);
  const { total } = page;
  const ids = [...idsOf(page)];
  await happens();
  for (;;) {
    const next = page.link.find(({ relation }) => relation === 'next');
    if (next === undefined) return { total, ids };
    page = await get(token, next.url);
    ids.push(...idsOf(page));
  }
}
const EVERYTHING = `/Patient/${ANN}/$everything?_count=2`;
const observations = (...numbers: readonly number[]) => numbers.map((one) => ({ type: 'Observation', id: id(one) }));

describe.each([
  ['$everything', EVERYTHING],
  ['a search by _id', '/Observation?_count=2&_sort=_id'],
  ['a search by date', '/Observation?_count=2'],
])('the pages of %s add up to the total of the first', (_, path) => {
  it('when another record is merged into this one between pages', async () => {
    const { total, ids } = await across(await world.server.token(ANN), path, () => world.merge(ANNE, ANN));
    expect(ids).toHaveLength(total);
    expect(new Set(ids).size).toBe(total);
  });

  it('when a resource of another record is moved into this one between pages', async () => {
    const { total, ids } = await across(await world.server.token(ANN), path, () =>
      world.retract(observations(41, 51, 61), ANN),
    );
    expect(ids).toHaveLength(total);
  });

  it('when resources of an earlier merge are changed between pages', async () => {
    await world.merge(ANNE, ANN);
    const { total, ids } = await across(await world.server.token(ANN), path, () =>
      world.server.load(six(ANNE).map((one) => ({ ...one, status: 'amended' }))),
    );
    expect(new Set(ids).size).toBe(total);
  });
});

describe('the pages of a search of the whole practice', () => {
  it('lose nothing when two of its records are merged or separated', async () => {
    for (const happens of [() => world.merge(ANNE, ANN), () => world.unmerge(ANNE)]) {
      const search = '/Observation?_count=3&_total=accurate';
      const { total, ids } = await across(await world.backendToken(), search, happens);
      expect(total).toBe(18);
      expect(new Set(ids).size).toBe(18);
    }
  });

  it('have the resources of both merged patients, and nothing of a third', async () => {
    const path = `/Observation?_count=3&patient=${ANN},${ANNE}`;
    const merged = await across(await world.backendToken(), path, () => world.merge(ANNE, ANN));
    expect({ total: merged.total, distinct: new Set(merged.ids).size }).toEqual({ total: 12, distinct: 12 });
    await world.unmerge(ANNE);
    const other = await across(await world.backendToken(), path, () => world.merge(CAT, ANN));
    expect({ total: other.total, distinct: new Set(other.ids).size }).toEqual({ total: 12, distinct: 12 });
  });
});
