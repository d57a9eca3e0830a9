import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { patient } from '../../support/fhir/charts.ts';
import { type BundleEntry, feedToken, makeBundle, putEntry, sendBundle } from '../../support/fhir/feed.ts';
import { type MergeServer, mergeServers, observationAbout } from '../../support/fhir/merging.ts';

const newWorld = mergeServers();
let world: MergeServer;
let token: string;
beforeAll(async () => {
  world = await newWorld();
  token = await feedToken(world.server);
});

const someone = fc.nat(3);
const something = fc.nat(4);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('send' as const), of: someone, what: something }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('delete' as const), what: something }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('merge' as const), of: someone, into: someone }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('unmerge' as const), of: someone }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('retract' as const), what: something, to: fc.option(someone) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('link' as const),
      of: someone,
      to: someone,
      type: fc.constantFrom('replaces', 'replaced-by'),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

let round = 0;
/** Makes an id that no other round has. Each round has four Patients and five Observations. */
const named = (number: number) => {
  const id = `${String(round).padStart(8, '0')}-0000-4000-8000-${String(number).padStart(12, '0')}`;
  return { number, id };
};
const person = (number: number) => named(100 + number).id;
const thing = (number: number) => ({ type: 'Observation', id: named(200 + number).id });
const patientOf = (number: number, more: object = {}) =>
  putEntry({ ...patient(person(number), `P${number}`), id: person(number), ...more });

async function send(...entries: readonly BundleEntry[]): Promise<void> {
  expect((await sendBundle(world.server, token, makeBundle('batch', ...entries))).statusCode).toBe(200);
}

let sent = 0;
async function take(one: Step): Promise<unknown> {
  sent += 1;
  if (one.act === 'merge') return world.merge(person(one.of), person(one.into));
  if (one.act === 'unmerge') return world.unmerge(person(one.of));
  if (one.act === 'retract') return world.retract([thing(one.what)], one.to === null ? undefined : person(one.to));
  if (one.act === 'delete') return send({ request: { method: 'DELETE', url: `Observation/${thing(one.what).id}` } });
  if (one.act === 'link') {
    const link = [{ type: one.type, other: { reference: `Patient/${person(one.to)}` } }];
    return send(patientOf(one.of, { link }));
  }
  const { id } = thing(one.what);
  return send(putEntry({ ...observationAbout(0, person(one.of), { note: [{ text: String(sent) }] }), id }));
}

interface StoredRow {
  readonly patient_id: string;
  readonly record_id: number;
  readonly merged_into: number | null;
  readonly what: 'now' | 'past' | 'shown' | 'ended';
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly content: string | null;
}
const storedRows = () =>
  world.server.db.queryText<StoredRow>(
    `with v as materialized (
       select record_id, 'now' as what, type, id, version, content from resource
       union all select record_id, 'past', type, id, version, content from resource_history
       union all select record_id, 'shown', type, id, 0, converted from resource where converted is not null
       union all select record_id, 'shown', type, id, 0, difference from conversion
       union all select record_id, 'ended', type, id, version, null from tombstone)
     select x.patient_id, x.merged_into, v.* from record x join v on v.record_id = x.record_id
     where x.patient_id = any($1::uuid[])`,
    [[0, 1, 2, 3].map(person)],
  );

async function recordsWithParts(): Promise<ReadonlySet<number>> {
  const rows = await world.server.db.queryText<{ record_id: number }>(
    'select distinct merged_into as record_id from record where merged_into is not null',
    [],
  );
  return new Set(rows.map(({ record_id }) => record_id));
}

/** Checks what must be true after any merges, separations, retractions and loads. */
async function holds(): Promise<void> {
  const all = await storedRows();
  const now = all.filter(({ what }) => what === 'now');
  const keyOf = ({ type, id }: StoredRow) => `${type}/${id}`;
  // Each resource is in one record, which isn't merged into another, and refers to the Patient of that record.
  expect(new Set(now.map(keyOf)).size).toBe(now.length);
  for (const { merged_into, type, patient_id, content } of now) {
    expect(merged_into).toBeNull();
    if (type === 'Observation') expect(JSON.parse(content ?? '').subject.reference).toBe(`Patient/${patient_id}`);
  }
  // A version number has only one content at the practice, and current versions are newer than all earlier ones.
  const versions = all.filter(({ what, content }) => what !== 'shown' && content !== null);
  expect(new Set(versions.map((one) => `${keyOf(one)} ${one.version}`)).size).toBe(versions.length);
  const last = new Map(now.map((one) => [keyOf(one), one.version]));
  for (const one of all) if (one.what !== 'now') expect(one.version).toBeLessThan(last.get(keyOf(one)) ?? Infinity);
  // Only current resources have a projection.
  for (const one of all) if (one.what === 'shown') expect(now.map(keyOf)).toContain(keyOf(one));
  // A record that no other one was merged into contains nothing of another Patient, in any version.
  const joined = await recordsWithParts();
  for (const { record_id, merged_into, patient_id, content } of all)
    if (merged_into === null && !joined.has(record_id))
      for (const other of [0, 1, 2, 3].map(person))
        if (other !== patient_id) expect(content ?? '').not.toContain(other);
}

it('after any merges, separations, retractions and loads in any order, each resource is in one record, about its Patient', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 16 }), async (steps) => {
      round += 1;
      await send(...[0, 1, 2, 3].map((one) => patientOf(one)));
      await send(...[0, 1, 2, 3].map((what) => putEntry({ ...observationAbout(0, person(what)), id: thing(what).id })));
      for (const one of steps) {
        await take(one);
        await holds();
      }
    }),
    { numRuns: 15, endOnFailure: true },
  );
}, 120_000);
