import { beforeEach, describe, expect, it } from 'vitest';
import { idOf, put } from '../../support/feed.ts';
import { ann, anne, type LinkedFeed, link, linkedFeeds, observation, patientNamed } from '../../support/linked-feed.ts';

const newFeed = linkedFeeds();
let feed: LinkedFeed;
beforeEach(async () => {
  feed = await newFeed();
});

const state = () => feed.stateOf(feed.ids.anne);
const replacedBy = put(anne(link('replaced-by', 'Patient/ann')));
const replaces = put(ann(link('replaces', 'Patient/anne')));

describe.each([
  ['replaced-by', replacedBy, put(anne()), put(ann())],
  ['replaces', replaces, put(ann()), put(anne())],
])('what the operator took apart, though a feed says it by %s', (_, saying, without, other) => {
  beforeEach(async () => {
    await feed.send('transaction', saying);
    expect(await state()).toBe('merged');
    await feed.unmerge(feed.ids.anne);
    expect(await state()).toBe('active');
  });

  it('is not joined again while the feed goes on saying so', async () => {
    expect(await feed.statuses('batch', other, saying)).toEqual(['200', '422']);
    expect(await feed.statuses('transaction', saying)).toEqual(['422']);
    expect(await feed.statuses('batch', saying, put(observation('c', 'anne')))).toEqual(['422', '201']);
    expect(await state()).toBe('active');
  });

  it('has no link left, in no version, though the feed had sent one', async () => {
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

  it('is joined when the feed was corrected, and says it anew', async () => {
    expect(await feed.statuses('transaction', without)).toEqual(['200']);
    expect(await feed.statuses('transaction', saying)).toEqual(['200']);
    expect(await state()).toBe('merged');
  });

  it('is joined by the operator, and then what the feed says changes nothing', async () => {
    await feed.merge(feed.ids.anne, feed.ids.ann);
    expect(await feed.statuses('transaction', saying)).toEqual(['200']);
    expect(await feed.statuses('transaction', without)).toEqual(['200']);
    expect(await state()).toBe('merged');
  });
});

describe('what the operator merged', () => {
  it('after a feed had said it, the feed does not take back', async () => {
    await feed.send('transaction', replacedBy);
    await feed.merge(feed.ids.anne, feed.ids.ann);
    expect(await feed.statuses('transaction', put(anne()))).toEqual(['200']);
    expect(await state()).toBe('merged');
    await feed.unmerge(feed.ids.anne);
    expect(await feed.statuses('transaction', put(anne()))).toEqual(['200']);
    expect(await feed.statuses('transaction', replacedBy)).toEqual(['200']);
    expect(await state()).toBe('merged');
  });

  it('into another source’s Patient: the feed merges no more into that record', async () => {
    const theirs = '0000000c-0000-4000-8000-000000000000';
    await feed.server.load([patientNamed(theirs, '3') as never], { source: 'other' });
    await feed.merge(feed.ids.ann, theirs);
    expect(await feed.statuses('batch', replacedBy)).toEqual(['422']);
    expect(await state()).toBe('active');
    await feed.merge(feed.ids.anne, theirs);
    expect(await feed.statuses('batch', replacedBy)).toEqual(['200']);
  });
});

describe('what the operator took apart, of two who were linked,', () => {
  beforeEach(async () => {
    await feed.send('transaction', replacedBy);
    await feed.unmerge(feed.ids.anne);
  });

  it('is not joined by the link when the other has become part of a third', async () => {
    const [sent] = await feed.send('transaction', put(patientNamed('dan', '4')));
    await feed.merge(feed.ids.ann, idOf(sent ?? { status: '' }));
    expect(await feed.statuses('batch', replacedBy)).toEqual(['422']);
    expect(await state()).toBe('active');
    expect(await feed.statuses('batch', put(anne()))).toEqual(['200']);
    expect(await feed.statuses('batch', replacedBy)).toEqual(['200']);
    expect(await state()).toBe('merged');
  });

  it('is not joined by the link turned round, until each has been sent without', async () => {
    const turned = put(ann(link('replaced-by', 'Patient/anne')));
    expect(await feed.statuses('batch', turned)).toEqual(['422']);
    expect(await feed.stateOf(feed.ids.ann)).toBe('active');
    expect(await feed.statuses('batch', put(anne()), put(ann()))).toEqual(['200', '200']);
    expect(await feed.statuses('batch', turned)).toEqual(['200']);
    expect(await feed.stateOf(feed.ids.ann)).toBe('merged');
  });
});

describe('what the operator says too of what feeds had merged', () => {
  it('is so for all that leads from one to the other, and is in the trail', async () => {
    const [sent] = await feed.send('transaction', put(patientNamed('dan', '4')));
    await feed.send('transaction', replacedBy);
    await feed.send('transaction', put(ann(link('replaced-by', 'Patient/dan'))));
    await feed.merge(feed.ids.anne, idOf(sent ?? { status: '' }));
    const confirmed = await feed.server.db.queryText<object>(
      `select x.patient_id, e.detail from audit_event e join record x on x.record_id = e.record_id
       where e.kind = 'record' and e.detail->>'action' = 'merge-confirmed' order by e.id`,
      [],
    );
    expect(confirmed).toHaveLength(2);
    for (const patient_id of [feed.ids.ann, feed.ids.anne])
      expect(confirmed).toContainEqual({ patient_id, detail: expect.objectContaining({ said: 'operator' }) });
    expect(await feed.statuses('batch', put(ann()), put(anne()))).toEqual(['200', '200']);
    expect({ stateOf: await feed.stateOf(feed.ids.ann), state: await state() }).toEqual({
      stateOf: 'merged',
      state: 'merged',
    });
  });

  it('leaves the feed what it merged beside', async () => {
    await feed.send('transaction', put(patientNamed('dan', '4')));
    await feed.send('transaction', replacedBy);
    await feed.send('transaction', put(ann(link('replaced-by', 'Patient/dan'))));
    await feed.merge(feed.ids.anne, feed.ids.ann);
    expect(await feed.statuses('batch', put(anne()))).toEqual(['200']);
    expect(await state()).toBe('merged');
    expect(await feed.statuses('batch', put(ann()))).toEqual(['200']);
    expect(await feed.stateOf(feed.ids.ann)).toBe('active');
  });
});

it('what a feed itself took back it may say again, by either link', async () => {
  await feed.send('transaction', replacedBy);
  await feed.send('transaction', put(anne()));
  expect(await state()).toBe('active');
  expect(await feed.statuses('transaction', replaces)).toEqual(['200']);
  expect(await state()).toBe('merged');
});
