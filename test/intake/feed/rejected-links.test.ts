import { beforeEach, describe, expect, it } from 'vitest';
import { openValidation, type Validation } from '../../../src/intake/index.ts';
import { putEntry } from '../../support/fhir/feed.ts';
import {
  ann,
  anne,
  type LinkedFeed,
  link,
  linkedFeeds,
  makePatient,
  observation,
  unrelatedPatient,
} from '../../support/fhir/linked-feed.ts';

const newFeed = linkedFeeds();
let feed: LinkedFeed;
beforeEach(async () => {
  feed = await newFeed();
});

const merged = putEntry(anne(link('replaced-by', 'Patient/ann')));

describe('a rejected entry of a batch', () => {
  it('doesn’t merge records if its Patient is another person', async () => {
    expect(await feed.statuses('batch', putEntry(unrelatedPatient(link('replaced-by', 'Patient/ann'))))).toEqual([
      '422',
    ]);
    expect(await feed.stateOf(feed.ids.anne)).toBe('active');
    const replaced = { ...link('replaces', 'Patient/anne'), identifier: [{ system: 'urn:mrn', value: '99' }] };
    const other = makePatient('ann', '99', { ...replaced, birthDate: '1950-05-05' });
    expect(await feed.statuses('batch', putEntry(other))).toEqual(['422']);
    expect(await feed.stateOf(feed.ids.anne)).toBe('active');
  });

  it('undoes no merge, whatever else the batch has', async () => {
    await feed.send('transaction', merged);
    expect(await feed.stateOf(feed.ids.anne)).toBe('merged');
    expect(await feed.statuses('batch', putEntry(unrelatedPatient()))).toEqual(['422']);
    expect(await feed.stateOf(feed.ids.anne)).toBe('merged');
    const beside = [putEntry(unrelatedPatient()), putEntry(observation('c', 'ann')), putEntry(makePatient('zoe', '3'))];
    expect(await feed.statuses('batch', ...beside)).toEqual(['422', '201', '201']);
    expect(await feed.stateOf(feed.ids.anne)).toBe('merged');
    const undone = await feed.server.db.queryText('select 1 from record_merge where undone_at is not null', []);
    expect(undone).toEqual([]);
  });

  describe('an entry that validation rejects', () => {
    const newStrictFeed = linkedFeeds({ validation: openValidation({ mode: 'strict', guides: [] }) as Validation });

    it('neither merges nor undoes a merge', async () => {
      const strict = await newStrictFeed();
      const wrong = { gender: 'no code of these' };
      const asked = putEntry(anne({ ...link('replaced-by', 'Patient/ann'), ...wrong }));
      expect(await strict.statuses('batch', asked)).toEqual(['422']);
      expect(await strict.stateOf(strict.ids.anne)).toBe('active');
      expect(await strict.statuses('transaction', merged)).toEqual(['200']);
      expect(await strict.statuses('batch', putEntry(anne(wrong)))).toEqual(['422']);
      expect(await strict.stateOf(strict.ids.anne)).toBe('merged');
    });
  });

  it('isn’t stored if its link is impossible: two Patients that replace each other', async () => {
    const both = [merged, putEntry(ann({ ...link('replaced-by', 'Patient/anne'), gender: 'female' }))];
    expect(await feed.statuses('batch', ...both)).toEqual(['200', '422']);
    expect({ ann: await feed.stateOf(feed.ids.ann), anne: await feed.stateOf(feed.ids.anne) }).toEqual({
      ann: 'active',
      anne: 'merged',
    });
    const stored = (await feed.server.get(await feed.server.token(feed.ids.ann), `/Patient/${feed.ids.ann}`)).json();
    expect(stored).not.toHaveProperty('gender');
  });

  it('doesn’t affect one that undoes the merge and merges in the other direction, in one Bundle', async () => {
    await feed.send('transaction', merged);
    const turned = [putEntry(anne()), putEntry(ann(link('replaced-by', 'Patient/anne')))];
    expect(await feed.statuses('transaction', ...turned)).toEqual(['200', '200']);
    expect({ ann: await feed.stateOf(feed.ids.ann), anne: await feed.stateOf(feed.ids.anne) }).toEqual({
      ann: 'merged',
      anne: 'active',
    });
  });
});

it.each([
  ['fullUrl', 'urn:uuid:0000000f-0000-4000-8000-000000000001'],
  ['identifier', 'Patient?identifier=urn:mrn|1'],
])('a link by %s that is sent again unchanged changes nothing', async (_, reference) => {
  const entries = [
    { ...putEntry(ann()), fullUrl: 'urn:uuid:0000000f-0000-4000-8000-000000000001' },
    putEntry(anne(link('replaced-by', reference))),
  ];
  const merges = () => feed.server.db.queryText<object>('select merge_id, undone_at from record_merge', []);
  expect(await feed.statuses('transaction', ...entries)).toEqual(['200', '200']);
  expect(await feed.stateOf(feed.ids.anne)).toBe('merged');
  const before = await merges();
  expect(await feed.statuses('transaction', ...entries)).toEqual(['200', '200']);
  expect(await merges()).toEqual(before);
  expect(before).toHaveLength(1);
});
