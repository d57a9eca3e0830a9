import { beforeEach, describe, expect, it } from 'vitest';
import { patient } from '../../support/fhir/charts.ts';
import { putEntry } from '../../support/fhir/feed.ts';
import { ann, anne, type LinkedFeed, linkedFeeds, observation } from '../../support/fhir/linked-feed.ts';
import { ANN, ANNE, CAT, id, type MergeServer, mergeServers, observationAbout } from '../../support/fhir/merging.ts';

describe('a feed that writes while two of its records are merged and separated', () => {
  const newFeed = linkedFeeds();
  let feed: LinkedFeed;
  beforeEach(async () => {
    feed = await newFeed();
  });

  it('has each entry in the record of its Patient, once, whichever came first', async () => {
    const { ids } = feed;
    const numbers = Array.from({ length: 12 }, (_, index) => index);
    const sends = numbers.map((number) =>
      feed.statuses(
        'transaction',
        putEntry(observation(`for-anne-${number}`, 'anne')),
        putEntry(observation(`for-ann-${number}`, 'ann')),
        putEntry(Object.assign(observation('b', 'anne'), { note: [{ text: String(number) }] })),
        ...(number % 4 === 0 ? [putEntry(ann()), putEntry(anne())] : []),
      ),
    );
    const acts = (async () => {
      for (const minute of [1, 2]) {
        feed.server.clock.set(new Date(Date.UTC(2026, 10, 3, 0, minute)));
        await feed.merge(ids.anne, ids.ann);
        feed.server.clock.set(new Date(Date.UTC(2026, 10, 3, 1, minute)));
        await feed.unmerge(ids.anne);
      }
    })();
    for (const statuses of await Promise.all(sends)) expect(statuses.slice(0, 2)).toEqual(['201', '201']);
    await acts;
    const rows = await feed.server.db.queryText<{ patient_id: string; content: string }>(
      "select x.patient_id, r.content from resource r join record x on x.record_id = r.record_id where r.type = 'Observation'",
      [],
    );
    expect(rows).toHaveLength(2 * 12 + 2);
    for (const row of rows) expect(JSON.parse(row.content).subject.reference).toBe(`Patient/${row.patient_id}`);
    const versions = await feed.server.db.queryText<object>(
      `select type, id, version from (
         select type, id, version from resource union all select type, id, version from resource_history
         union all select type, id, version from tombstone) v group by 1, 2, 3 having count(*) > 1`,
      [],
    );
    expect(versions).toEqual([]);
  });
});

describe('a failure on the way', () => {
  const newWorld = mergeServers();
  let world: MergeServer;
  beforeEach(async () => {
    world = await newWorld();
    await world.server.load([patient(ANN, 'Ann'), patient(ANNE, 'Anne'), patient(CAT, 'Cat')]);
    await world.server.load([observationAbout(1, ANN), observationAbout(2, ANNE), observationAbout(3, ANNE)]);
  });

  /** All stored rows that tell which resources belong to which record. */
  async function storedState(): Promise<object> {
    const tables = ['record', 'resource', 'resource_history', 'tombstone', 'conversion', 'record_merge', 'retraction'];
    const found: Record<string, object> = {};
    for (const table of [...tables, 'merged_resource', 'demographics', 'audit_event', 'mail'])
      found[table] = await world.server.db.queryText<object>(`select * from ${table} t order by t::text`, []);
    return found;
  }
  /** Lets the next write of rows that don't meet a condition fail. */
  const failing = async (table: string, act: () => Promise<unknown>, unless = 'false') => {
    const { db } = world.server;
    await db.queryText(`alter table ${table} add constraint the_power_went check (${unless}) not valid`, []);
    const before = await storedState();
    await expect(act()).rejects.toThrow('the_power_went');
    expect(await storedState()).toEqual(before);
    await db.queryText(`alter table ${table} drop constraint the_power_went`, []);
  };

  it('leaves nothing of a merge or its undoing, and either succeeds when repeated', async () => {
    await failing('audit_event', () => world.merge(ANNE, ANN));
    await failing('record_merge', () => world.merge(ANNE, ANN));
    expect(await world.merge(ANNE, ANN)).toMatchObject({ done: true, resources: 3 });
    await failing('resource_history', () => world.unmerge(ANNE));
    await failing('audit_event', () => world.unmerge(ANNE));
    expect(await world.unmerge(ANNE)).toMatchObject({ done: true, resources: 3 });
  });

  it('leaves nothing of a retraction, and doesn’t retract a part', async () => {
    const keys = [2, 3].map((number) => ({ type: 'Observation', id: id(number) }));
    await failing('resource', () => world.retract(keys, CAT), 'converted is null');
    await failing('audit_event', () => world.retract(keys, CAT));
    expect(await world.retract([...keys, { type: 'Observation', id: id(99) }], CAT)).toHaveProperty('refused');
    expect(await world.retract(keys, CAT)).toMatchObject({ done: true });
  });
});
