import { expect, it } from 'vitest';
import { migrate } from '../../src/database/index.ts';
import { emptyDatabase } from '../support/empty-database.ts';
import { testDatabase } from '../support/test-database.ts';

it('processes that start at once bring the schema up to date one after the other, and none fails', async () => {
  let url = '';
  const { close } = await emptyDatabase(testDatabase(), async (made) => {
    url = made;
  });
  const done = await Promise.all(Array.from({ length: 6 }, () => migrate({ connectionString: url })));
  const ran = done.filter((names) => names.length > 0);
  expect(ran).toHaveLength(1);
  expect(ran[0]?.[0]).toBe('001_foundation');
  await close();
});
