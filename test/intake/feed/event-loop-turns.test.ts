import { expect, it } from 'vitest';
import { LARGE_BATCHES, openBatchFeed, times } from '../../support/fhir/large-batches.ts';

const { send } = openBatchFeed();

// test/deep/feed-turns.test.ts measures how long each turn of the event loop takes.
it.each(LARGE_BATCHES)('a batch of %s yields to other work after each entry', async (_, most, entry) => {
  const entries = times(Math.ceil(most / 4), entry);
  const { count, rejected } = await send(entries);
  expect(rejected).toEqual([]);
  expect(count).toBeGreaterThanOrEqual(entries.length);
});
