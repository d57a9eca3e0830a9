import { expect, it } from 'vitest';
import { LARGE_BATCHES, openBatchFeed, times } from '../support/fhir/large-batches.ts';

const { send } = openBatchFeed();

it.each(LARGE_BATCHES)(
  'a batch of %s blocks no other request for more than 100 ms',
  { timeout: 240_000 },
  async (_, most, entry) => {
    const { longest, rejected } = await send(times(most, entry));
    expect(rejected).toEqual([]);
    expect(longest).toBeLessThan(100);
  },
);
