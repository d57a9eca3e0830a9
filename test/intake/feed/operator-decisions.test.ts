import { beforeEach, describe, expect, it } from 'vitest';
import { putEntry, writtenId } from '../../support/fhir/feed.ts';
import {
  ann,
  anne,
  type LinkedFeed,
  link,
  linkedFeeds,
  makePatient,
  observation,
} from '../../support/fhir/linked-feed.ts';

const newFeed = linkedFeeds();
let feed: LinkedFeed;
beforeEach(async () => {
  feed = await newFeed();
});

const state = () => feed.stateOf(feed.ids.anne);
const replacedBy = putEntry(anne(link('replaced-by', 'Patient/ann')));
const replaces = putEntry(ann(link('replaces', 'Patient/anne')));

describe.each([
  ['replaced-by', replacedBy, putEntry(anne()), putEntry(ann())],
  ['replaces', replaces, putEntry(ann()), putEntry(anne())],
])('records that the operator separated, though a feed sends %s', (_, saying, without, other) => {
  beforeEach(async () => {
    await feed.send('transaction', saying);
    expect(await state()).toBe('merged');
    await feed.unmerge(feed.ids.anne);
    expect(await state()).toBe('active');
  });

  it('aren’t merged again while the feed keeps sending it', async () => {
    expect(await feed.statuses('batch', other, saying)).toEqual(['200', '422']);
    expect(await feed.statuses('transaction', saying)).toEqual(['422']);
    expect(await feed.statuses('batch', saying, putEntry(observation('c', 'anne')))).toEqual(['422', '201']);
    expect(await state()).toBe('active');
  });

  it('have no link left in any version, though the feed had sent one', async () => {
    for (const [own, other] of [
      [feed.ids.ann, feed.ids.anne],
      [feed.ids.anne, feed.ids.ann],
    ] as const) {
      const token = await feed.server.token(own);
      const { body } = await feed.server.get(token, `/Patient/${own}/_history`);
      expect(body).toContain('1980-01-01');
      expect(body).not.toContain(other);
    }
    expect(await feed.statuses('transaction', without, other)).toEqual(['200', '200']);
  });

  it('are merged when the feed was corrected, and sends it again', async () => {
    expect(await feed.statuses('transaction', without)).toEqual(['200']);
    expect(await feed.statuses('transaction', saying)).toEqual(['200']);
    expect(await state()).toBe('merged');
  });

  it('may be merged by the operator; then the feed’s link changes nothing', async () => {
    await feed.merge(feed.ids.anne, feed.ids.ann);
    expect(await feed.statuses('transaction', saying)).toEqual(['200']);
    expect(await feed.statuses('transaction', without)).toEqual(['200']);
    expect(await state()).toBe('merged');
  });
});

describe('a merge by the operator', () => {
  it('of what a feed had merged isn’t undone by the feed', async () => {
    await feed.send('transaction', replacedBy);
    await feed.merge(feed.ids.anne, feed.ids.ann);
    expect(await feed.statuses('transaction', putEntry(anne()))).toEqual(['200']);
    expect(await state()).toBe('merged');
    await feed.unmerge(feed.ids.anne);
    expect(await feed.statuses('transaction', putEntry(anne()))).toEqual(['200']);
    expect(await feed.statuses('transaction', replacedBy)).toEqual(['200']);
    expect(await state()).toBe('merged');
  });

  it('into another source’s Patient: the feed no longer merges into that record', async () => {
    const theirs = '0000000c-0000-4000-8000-000000000000';
    await feed.server.load([makePatient(theirs, '3') as never], { source: 'other' });
    await feed.merge(feed.ids.ann, theirs);
    expect(await feed.statuses('batch', replacedBy)).toEqual(['422']);
    expect(await state()).toBe('active');
    await feed.merge(feed.ids.anne, theirs);
    expect(await feed.statuses('batch', replacedBy)).toEqual(['200']);
  });
});

describe('the separation by the operator of two linked Patients', () => {
  beforeEach(async () => {
    await feed.send('transaction', replacedBy);
    await feed.unmerge(feed.ids.anne);
  });

  it('isn’t reverted by the link when the other one has been merged into a third', async () => {
    const [sent] = await feed.send('transaction', putEntry(makePatient('dan', '4')));
    await feed.merge(feed.ids.ann, writtenId(sent ?? { status: '' }));
    expect(await feed.statuses('batch', replacedBy)).toEqual(['422']);
    expect(await state()).toBe('active');
    expect(await feed.statuses('batch', putEntry(anne()))).toEqual(['200']);
    expect(await feed.statuses('batch', replacedBy)).toEqual(['200']);
    expect(await state()).toBe('merged');
  });

  it('isn’t reverted by the reverse link, until each has been sent without', async () => {
    const turned = putEntry(ann(link('replaced-by', 'Patient/anne')));
    expect(await feed.statuses('batch', turned)).toEqual(['422']);
    expect(await feed.stateOf(feed.ids.ann)).toBe('active');
    expect(await feed.statuses('batch', putEntry(anne()), putEntry(ann()))).toEqual(['200', '200']);
    expect(await feed.statuses('batch', turned)).toEqual(['200']);
    expect(await feed.stateOf(feed.ids.ann)).toBe('merged');
  });
});

describe('an operator’s decision about merges by feeds', () => {
  it('covers all links from one to the other, and is in the audit log', async () => {
    const [sent] = await feed.send('transaction', putEntry(makePatient('dan', '4')));
    await feed.send('transaction', replacedBy);
    await feed.send('transaction', putEntry(ann(link('replaced-by', 'Patient/dan'))));
    await feed.merge(feed.ids.anne, writtenId(sent ?? { status: '' }));
    const confirmed = await feed.server.db.queryText<object>(
      `select x.patient_id, e.detail from audit_event e join record x on x.record_id = e.record_id
       where e.kind = 'record' and e.detail->>'action' = 'merge-confirmed' order by e.id`,
      [],
    );
    expect(confirmed).toHaveLength(2);
    for (const patient_id of [feed.ids.ann, feed.ids.anne])
      expect(confirmed).toContainEqual({ patient_id, detail: expect.objectContaining({ said: 'operator' }) });
    expect(await feed.statuses('batch', putEntry(ann()), putEntry(anne()))).toEqual(['200', '200']);
    expect({ stateOf: await feed.stateOf(feed.ids.ann), state: await state() }).toEqual({
      stateOf: 'merged',
      state: 'merged',
    });
  });

  it('leaves other merges of the feed intact', async () => {
    await feed.send('transaction', putEntry(makePatient('dan', '4')));
    await feed.send('transaction', replacedBy);
    await feed.send('transaction', putEntry(ann(link('replaced-by', 'Patient/dan'))));
    await feed.merge(feed.ids.anne, feed.ids.ann);
    expect(await feed.statuses('batch', putEntry(anne()))).toEqual(['200']);
    expect(await state()).toBe('merged');
    expect(await feed.statuses('batch', putEntry(ann()))).toEqual(['200']);
    expect(await feed.stateOf(feed.ids.ann)).toBe('active');
  });
});

it('allows a merge that the feed itself undid to be sent again, by either link', async () => {
  await feed.send('transaction', replacedBy);
  await feed.send('transaction', putEntry(anne()));
  expect(await state()).toBe('active');
  expect(await feed.statuses('transaction', replaces)).toEqual(['200']);
  expect(await state()).toBe('merged');
});
