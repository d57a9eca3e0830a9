import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { makeCapacityTables } from '../../bench/capacity/capacity-tables.ts';

it('docs/capacity.md has the tables that the bench computes from its constants', async () => {
  const page = await readFile(new URL('../../docs/capacity.md', import.meta.url), 'utf8');
  const tables = Object.values(makeCapacityTables());
  expect(tables).toHaveLength(3);
  for (const table of tables) expect(page).toContain(`\n\n${table}\n\n`);
});
