import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sortKeys } from '../../../src/fhir/core/common-parameters.ts';
import { type Resource, r4 } from '../../../src/fhir/index.ts';
import { rangesOf } from './date-rule.ts';
import { dice } from './dice.ts';
import { nodesOf } from './nodes.ts';
import { startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.server.close());

/** By the type's main date, which is no parameter of all: `properties-pages` has it. */
const MAIN = 'date';
const keysOf = (served: (typeof r4.types)[number]): readonly string[] =>
  sortKeys(served).filter((key) => key !== MAIN && key !== `-${MAIN}`);

/** When the first of the dates began; what has none, or began at some time, is before all. */
function placeOf(resource: Resource, key: string): number | string {
  if (key === '_id') return resource.id ?? '';
  const begun = nodesOf(resource, key)
    .flatMap(rangesOf)
    .map(({ low }) => low);
  return begun.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...begun);
}

interface Page {
  readonly resources: readonly Resource[];
  readonly total: number;
  readonly next: string | undefined;
}
async function pageOf(path: string): Promise<Page> {
  const answer = await world.server.get(world.token, path, { prefer: 'handling=strict' });
  expect(answer.statusCode, answer.body).toBe(200);
  const { entry = [], total, link } = answer.json();
  return {
    resources: entry.map(({ resource }: { resource: Resource }) => resource),
    total,
    next: link.find(({ relation }: { relation: string }) => relation === 'next')?.url,
  };
}
async function allPages(path: string): Promise<readonly Page[]> {
  const pages = [await pageOf(path)];
  for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next) pages.push(await pageOf(next));
  return pages;
}

describe('each key that a type can be sorted by (FHIR R4 search §3.1.1.5.1)', () => {
  it.each(r4.types.map((served) => [served.name, served] as const))(
    '%s',
    async (type, served) => {
      const thrown = dice(served.parameters.length);
      for (const sort of keysOf(served)) {
        const { length = 0 } = world.stored.get(type) ?? [];
        const count = 5 + thrown.roll(length);
        const pages = await allPages(`/${type}?_sort=${sort}&_count=${count}&_total=accurate`);
        const found = pages.flatMap(({ resources }) => resources);
        const places = found.map((one) => placeOf(one, sort.replace(/^-/, '')));
        const inOrder = [...places].sort((a, b) => (a === b ? 0 : a < b ? -1 : 1));
        expect([sort, places]).toEqual([sort, sort.startsWith('-') ? inOrder.reverse() : inOrder]);
        // no page loses or doubles anything
        expect([sort, new Set(found.map(({ id }) => id)).size, found.length]).toEqual([sort, length, length]);
        expect(new Set(pages.map(({ total }) => total))).toEqual(new Set([length]));
      }
    },
    240_000,
  );
});
